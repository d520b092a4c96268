import { registry } from "@web/core/registry";

/** From the list of what is due to the complaint, and a pause with its reason. */
registry.category("web_tour.tours").add("patient_deadline_work", {
    steps: () => [
        {
            isActive: ["desktop"],
            trigger: ".o_data_row:contains(Closing) [name=rule_id]",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_kanban_record:contains(Closing)",
            run: "click",
        },
        {
            content: "The complaint opens",
            trigger: ".o_form_view .oe_title [name=name]:contains(TS)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Deadlines)",
            run: "click",
        },
        {
            trigger: "button[name=action_pause_deadlines]",
            run: "click",
        },
        {
            trigger: ".modal [name=reason] .o_radio_item:contains(Appraisal) input",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_pause]",
            run: "click",
        },
        {
            content: "What may stand still stands still",
            trigger: "[name=deadline_ids]:contains(Paused)",
        },
        {
            trigger: "button[name=action_resume_deadlines]",
            run: "click",
        },
        {
            trigger: "[name=deadline_ids]:not(:contains(Paused))",
        },
    ],
});

/** The manager's table of what was kept, and the rules behind it. */
registry.category("web_tour.tours").add("patient_deadline_manage", {
    steps: () => [
        {
            trigger: ".o_pivot_view th:contains(Acknowledgement)",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_renderer canvas",
        },
        {
            trigger: ".o_menu_sections button:contains(Configuration)",
            run: "click",
        },
        {
            trigger: ".dropdown-menu a:contains(Rules):not(:contains(Tag))",
            run: "click",
        },
        {
            trigger: ".o_group_header:contains(China)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(5) [name=name]:contains(Answer)",
            run: "click",
        },
        {
            content: "The rule says where it is written",
            trigger: ".o_form_view [name=source] textarea:value(Order No. 3)",
        },
    ],
});
