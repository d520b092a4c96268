{
    "name": "Patient Relations",
    "summary": "Patients, complaints, and the promises a hospital makes to both",
    "version": "19.0.1.0.0",
    "category": "Services/Patient Relations",
    "author": "Patient Relations maintainers",
    "license": "LGPL-3",
    "depends": [
        "calendar_sms",
        "crm",
        "hr",
        "phone_validation",
        "portal",
        "report_xlsx",
        "sms",
    ],
    "external_dependencies": {
        "python": ["phonenumbers", "pypinyin", "python-stdnum", "XlsxWriter"],
    },
    "data": [
        # Who may what
        "security/patient_relations_groups.xml",
        "security/patient/ir.model.access.csv",
        "security/patient/patient_security.xml",
        "security/complaint/ir.model.access.csv",
        "security/complaint/patient_complaint_security.xml",
        # Facts
        "data/patient/ir_sequence_data.xml",
        "data/patient/patient_need_data.xml",
        "data/patient/ir_cron_data.xml",
        # Facts: complaint
        "data/complaint/ir_sequence_data.xml",
        "data/complaint/patient_complaint_category_data.xml",
        "data/complaint/mail_alias_data.xml",
        "data/complaint/ir_cron_data.xml",
        # Menus
        "views/patient_relations_menus.xml",
        # Screens: patient
        "report/patient/patient_card_report.xml",
        "views/patient/patient_patient_views.xml",
        "views/patient/patient_encounter_views.xml",
        "views/patient/hr_department_views.xml",
        "views/patient/patient_tag_views.xml",
        "views/patient/crm_lead_views.xml",
        "views/patient/calendar_event_views.xml",
        "views/patient/res_users_views.xml",
        # Screens: complaint
        "report/complaint/patient_complaint_register_report.xml",
        "views/complaint/patient_complaint_wizard_views.xml",
        "views/complaint/patient_complaint_intake_views.xml",
        "views/complaint/patient_complaint_views.xml",
        "views/complaint/patient_complaint_problem_views.xml",
        "views/complaint/patient_complaint_evidence_views.xml",
        "views/complaint/patient_complaint_category_views.xml",
        "views/complaint/patient_department_month_views.xml",
        "views/complaint/complaint_other_views.xml",
        "views/complaint/complaint_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["patient_relations/static/src/**/*"],
        "web.assets_tests": ["patient_relations/static/tests/tours/**/*"],
    },
    "application": True,
}
