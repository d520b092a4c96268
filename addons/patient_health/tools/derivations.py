"""Indicators that are calculated from others. No ORM; units as in the function names."""


def get_body_mass_index(weight_kg, height_cm):
    """Return kg/m² (WHO, Technical Report Series 894)."""
    return weight_kg / (height_cm / 100) ** 2


def get_filtration_rate(creatinine_umol_l, age, sex):
    """Return the estimated glomerular filtration rate in mL/min/1.73 m².

    CKD-EPI 2021 without race (Inker et al., N Engl J Med 2021;385:1737-1749), for adults.

    :param str sex: "male" or "female"; None is returned for others, and below 18 years
    """
    if sex not in ("male", "female") or age is None or age < 18:
        return None
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1)
    ratio = creatinine_umol_l / 88.4 / kappa
    return 142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.2 * 0.9938**age * factor
