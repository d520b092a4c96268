import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("patient_health_examination", {
    steps: () => [
        {
            trigger: ".o_notebook .nav-link:contains(Examinations)",
            run: "click",
        },
        {
            content: "The report says what was found, with its value out of range",
            trigger:
                ".o_ph_examinations .o_kanban_record:contains(胸部X线):contains(血红蛋白正常):contains(7.9 mmol/L)",
        },
        {
            content: "Open the reports of the patient",
            isActive: [".o_form_view:not(:has(button[name=action_view_examinations]))"],
            trigger: ".o_button_more",
            run: "click",
        },
        {
            trigger: "button[name=action_view_examinations]",
            run: "click",
        },
        {
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            content: "The patient is known already",
            trigger: ".o_form_view [name=patient_id] input:value(张伟)",
        },
        {
            trigger: "[name=name] input",
            run: "edit 心电图",
        },
        {
            trigger: "[name=conclusion] textarea",
            run: "edit 窦性心律",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Values can be entered, files added",
            trigger: ".o_form_saved, .o_form_view:has(button[name=action_enter_measurements])",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Files)",
            run: "click",
        },
        {
            trigger: "[name=file_ids] .o-kanban-button-new, [name=file_ids] .o_x2m_control_panel button",
            run: "click",
        },
        {
            trigger: ".modal [name=datas] input[type=file]:not(:visible), .modal [name=datas] button",
        },
        {
            trigger: ".modal .o_form_button_cancel, .modal footer button:contains(Discard)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
