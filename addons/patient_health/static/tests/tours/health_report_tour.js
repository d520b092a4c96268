import { registry } from "@web/core/registry";

/** From the patient's file to a report that is issued, with a section left out. */
registry.category("web_tour.tours").add("patient_health_report_issue", {
    steps: () => [
        {
            trigger: ".o-form-buttonbox .o_button_more",
            run: "click",
        },
        {
            trigger: "button[name=action_issue_health_report]",
            run: "click",
        },
        {
            content: "Three years are proposed, and the code",
            trigger: ".modal [name=with_link] input:checked",
        },
        {
            trigger: ".modal [name=section_ids] .form-check:contains(Medicines) input:checked",
            run: "click",
        },
        {
            trigger:
                ".modal [name=section_ids] .form-check:contains(Medicines) input:not(:checked)",
        },
        {
            trigger: ".modal button[name=action_issue]",
            run: "click",
        },
        {
            content: "Issued: the checksum of the file is there",
            trigger: "body:not(:has(.modal)) .o_form_view [name=sha256]",
        },
        {
            trigger: ".o_statusbar_status button:contains(Issued)",
        },
        {
            content: "The link is open, and nobody has used it",
            trigger: ".nav-link[name=link]",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=link_state]:contains(In Force)",
        },
    ],
});

/** The list: whose report, its link, who tried it; and a report that is taken back. */
registry.category("web_tour.tours").add("patient_health_report_list", {
    steps: () => [
        {
            isActive: ["desktop"],
            trigger: ".o_data_row:contains(张伟):contains(Issued) [name=patient_id]",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_kanban_record:contains(张伟):contains(Issued)",
            run: "click",
        },
        {
            trigger: ".nav-link[name=link]",
            run: "click",
        },
        {
            content: "A wrong birth date was typed",
            isActive: ["desktop"],
            trigger: "[name=opening_ids] .o_data_row:contains(Wrong Birth Date)",
        },
        {
            isActive: ["mobile"],
            trigger: "[name=opening_ids] .o_kanban_record:contains(Wrong Birth Date)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_withdraw]",
            run: "click",
        },
        {
            trigger: ".modal [name=reason] input",
            run: "edit 打印有误",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .alert [name=withdrawn_reason]:contains(打印有误)",
        },
    ],
});

/** A group: chosen by a tag, and started. */
registry.category("web_tour.tours").add("patient_health_report_batch", {
    steps: () => [
        {
            trigger: "button[name=action_add]",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: "[name=line_ids] .o_data_row:contains(张伟):contains(Waiting)",
        },
        {
            isActive: ["mobile"],
            trigger: "[name=line_ids] .o_kanban_record:contains(张伟):contains(Waiting)",
        },
        {
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            content: "It runs in the background, and says how far it is",
            trigger: ".o_form_view [name=progress].o_progressbar, .o_form_view [name=progress] .o_progressbar",
        },
        {
            trigger: ".o_statusbar_status button:contains(Running)",
        },
    ],
});
