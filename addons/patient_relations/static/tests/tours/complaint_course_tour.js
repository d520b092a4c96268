import { registry } from "@web/core/registry";

/** What became of a complaint, and how the complainant found the handling. */
registry.category("web_tour.tours").add("patient_complaint_course", {
    steps: () => [
        {
            trigger: ".o_notebook .nav-link:contains(Course)",
            run: "click",
        },
        {
            content: "The chain of hands shows where it went",
            trigger: "[name=handover_ids] .o_kanban_record:contains(外科)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Satisfaction)",
            run: "click",
        },
        {
            content: "One tap keeps the answer",
            trigger: "button[name=action_record_satisfaction]:contains(4 Satisfied)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=satisfaction]:contains(Satisfied)",
        },
    ],
});

/** The manager's tables of the handling, and who had to complain again. */
registry.category("web_tour.tours").add("patient_complaint_handling", {
    steps: () => [
        {
            trigger: ".o_pivot_view th:contains(Hours to Respond)",
        },
        {
            trigger: ".o_pivot_view th:contains(心内科)",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_view canvas",
        },
        {
            trigger: ".o_menu_sections button:contains(Reporting)",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(Repeated Complaints)",
            run: "click",
        },
        {
            content: "Who had to complain again",
            trigger: ".o_list_view .o_data_row [name=display_name]:contains(张伟)",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=complaint_ids] .o_data_row:contains(等候)",
        },
    ],
});
