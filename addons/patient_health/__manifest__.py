{
    "name": "Patient Health Record",
    "summary": "Years of indicators, explained scores, advice, and a report to take home",
    "version": "19.0.1.0.0",
    "category": "Services/Patient Relations",
    "author": "Patient Relations maintainers",
    "license": "LGPL-3",
    "depends": ["patient_relations"],
    "external_dependencies": {"python": ["pint", "ucumvert"]},
    "data": [
        # Who may what
        "security/patient_health_groups.xml",
        "security/ir.model.access.csv",
        "security/patient_health_security.xml",
        "security/patient_health_duty_security.xml",
        "security/patient_health_care_security.xml",
        # Facts
        "data/patient_indicator_data.xml",
        "data/duty/patient_deadline_rule_data.xml",
        "data/intervention/patient_intervention_template_data.xml",
        "data/medication/patient_indicator_data.xml",
        # Screens
        "views/patient_health_menus.xml",
        "views/indicator/patient_indicator_views.xml",
        "views/measurement/patient_measurement_views.xml",
        "views/patient_patient_views.xml",
        "views/duty/patient_health_duty_views.xml",
        "views/intervention/patient_intervention_views.xml",
        "views/intervention/patient_intervention_template_views.xml",
        "views/medication/patient_medication_supply_views.xml",
        "views/summary/patient_health_summary_templates.xml",
        "views/summary/patient_health_summary_views.xml",
    ],
    "demo": ["demo/users.xml", "demo/values.xml", "demo/care.xml"],
    "assets": {
        "web.assets_backend": ["patient_health/static/src/**/*"],
        "web.assets_tests": ["patient_health/static/tests/tours/**/*"],
    },
}
