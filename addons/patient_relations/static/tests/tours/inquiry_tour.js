import { registry } from "@web/core/registry";

/** From the list of questions to the answer; the same on a phone and on a desk. */
registry.category("web_tour.tours").add("patient_complaint_inquiry_answer", {
    steps: () => [
        {
            isActive: ["desktop"],
            trigger: ".o_data_row [name=question]:contains(请说明会诊经过)",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_kanban_record:contains(请说明会诊经过)",
            run: "click",
        },
        {
            content: "The question can be read and not changed",
            trigger: ".o_form_view .o_readonly_modifier[name=question]:contains(会诊)",
        },
        {
            trigger: ".o_form_view [name=answer] textarea",
            run: "edit 十点到场",
        },
        {
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            content: "It cannot be changed afterwards",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_readonly_modifier[name=answer]:contains(十点到场)",
        },
    ],
});

/** The officer assesses a complaint on one screen and asks its department. */
registry.category("web_tour.tours").add("patient_complaint_assess", {
    steps: () => [
        {
            trigger: ".o_kanban_group:first .o_kanban_record:contains(输液反应)",
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Assessment)",
            run: "click",
        },
        {
            trigger: ".o_notebook button[name=action_assess]",
            run: "click",
        },
        {
            trigger: ".modal [name=danger] .o_radio_item:contains(Possible) input",
            run: "click",
        },
        {
            trigger: ".modal [name=immediate_action] textarea",
            run: "edit 已停用该批次",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=immediate_action]:contains(已停用该批次)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Investigation)",
            run: "click",
        },
        {
            trigger: ".o_notebook button[name=action_ask_departments]",
            run: "click",
        },
        {
            trigger: ".modal [name=question] textarea",
            run: "edit 请说明经过",
        },
        {
            trigger: ".modal button[name=action_ask]",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=inquiry_ids]:contains(心内科)",
        },
    ],
});
