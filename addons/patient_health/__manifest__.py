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
        "security/patient_examination_security.xml",
        # Facts
        "data/patient_indicator_data.xml",
        "data/values/patient_indicator_set_data.xml",
        # Screens
        "views/patient_health_menus.xml",
        "views/indicator/patient_indicator_views.xml",
        "views/measurement/patient_measurement_views.xml",
        "views/patient_patient_views.xml",
        "views/values/patient_indicator_set_views.xml",
        "views/values/patient_measurement_entry_views.xml",
        "views/values/patient_measurement_views.xml",
        "views/examination/patient_examination_views.xml",
        "views/values/patient_patient_views.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": ["patient_health/static/src/**/*"],
        "web.assets_tests": ["patient_health/static/tests/tours/**/*"],
    },
}
