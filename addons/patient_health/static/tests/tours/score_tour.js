import { registry } from "@web/core/registry";

const item = (question) => `.modal .o_ph_score_line:contains(${question})`;

/** A clinician assesses a patient: the record fills what it knows, the rest is asked. */
registry.category("web_tour.tours").add("patient_health_assess", {
    steps: () => [
        {
            content: "On a phone, the button may be behind the other one",
            trigger: ".o_statusbar_buttons:has(button)",
            run() {
                if (!document.querySelector("button[name=action_assess]")) {
                    document.querySelector(".o_statusbar_buttons button[title=More]").click();
                }
            },
        },
        {
            trigger: "button[name=action_assess]",
            run: "click",
        },
        {
            trigger: ".modal .o_ph_assess [name=score_id] input",
            run: "edit FINDRISC",
        },
        {
            isActive: ["desktop"],
            trigger: ".o-autocomplete--dropdown-item:contains(FINDRISC)",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o-autocomplete--dropdown-item:contains(FINDRISC), .o_kanban_record:contains(FINDRISC)",
            run: "click",
        },
        {
            content: "The record fills what it knows, and says where from",
            trigger: `${item("Age")} input:value(65)`,
        },
        {
            trigger: `${item("Age")} .o_ph_score_origin:contains(Born on)`,
        },
        {
            trigger: `${item("Body mass index")} input:value(31)`,
        },
        {
            content: "What is missing is named, and there is no total",
            trigger: ".modal .alert-warning:contains(Waist circumference)",
        },
        {
            trigger: ".modal:not(:has(.o_ph_assess_result:visible))",
        },
        {
            trigger: `${item("Waist")} input`,
            run: "edit 103 && press Tab",
        },
        {
            trigger: `${item("Waist")} .o_ph_score_points:contains(4)`,
        },
        {
            trigger: `${item("physical activity")} button:contains(No)`,
            run: "click",
        },
        {
            trigger: `${item("Vegetables")} button:contains(No)`,
            run: "click",
        },
        {
            trigger: `${item("medicine for high blood pressure")} button:contains(Yes)`,
            run: "click",
        },
        {
            trigger: `${item("high blood glucose")} button:contains(Yes)`,
            run: "click",
        },
        {
            trigger: `${item("Diabetes in the family")} button:contains(Parent, brother)`,
            run: "click",
        },
        {
            content: "Total and band appear",
            trigger: ".modal .o_ph_assess_result:contains(26):contains(Very High)",
        },
        {
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Every point says where it comes from",
            trigger: "body:not(:has(.modal)) .o_form_view [name=line_ids]:contains(Born on)",
        },
        {
            trigger: ".o_form_view [name=band_id]:contains(Very High)",
        },
    ],
});

/** Many discharges are assessed at once; who lacks something is listed. */
registry.category("web_tour.tours").add("patient_health_cohort", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row",
        },
        {
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel .o_cp_action_menus button:contains(Actions)",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(Assess)",
            run: "click",
        },
        {
            trigger: ".modal [name=score_id] input",
            run: "edit LACE",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(LACE)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_assess]",
            run: "click",
        },
        {
            content: "One lacks the end of the stay",
            trigger: ".modal [name=missing_ids]:contains(Length of stay)",
        },
        {
            trigger: ".modal button[name=action_view_assessments]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_list_view .o_data_row:contains(LACE)",
        },
    ],
});

/** Health management makes a new version of a score and looks at its table. */
registry.category("web_tour.tours").add("patient_health_score", {
    steps: () => [
        {
            isActive: ["desktop"],
            trigger: ".o_data_row td:contains(LACE)",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_kanban_record:contains(LACE)",
            run: "click",
        },
        {
            content: "What is in use says that it stays",
            trigger: ".o_form_view .alert-info:contains(stays as it is)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_new_version]",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=version]:contains(2)",
        },
        {
            isActive: ["desktop"],
            trigger: "[name=item_ids] .o_data_row td:contains(Comorbidity index)",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: "[name=item_ids] .o_kanban_record:contains(Comorbidity index)",
            run: "click",
        },
        {
            trigger: ".modal .nav-link:contains(Comorbidities)",
            run: "click",
        },
        {
            trigger: ".modal [name=comorbidity_ids]:contains(Dementia)",
        },
        {
            trigger: ".modal button.o_form_button_cancel, .modal footer button:contains(Discard), .modal .o_form_button_cancel",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link:contains(Bands)",
            run: "click",
        },
        {
            trigger: "[name=band_ids]:contains(High Risk)",
        },
    ],
});

/** On a phone, results are cards; one opens with the reason of every point. */
registry.category("web_tour.tours").add("patient_health_assessments", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(LACE):contains(4)",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=line_ids] .o_kanban_record:contains(Stay from)",
        },
        {
            trigger: ".o_form_view [name=band_id]:contains(Low Risk)",
        },
    ],
});
