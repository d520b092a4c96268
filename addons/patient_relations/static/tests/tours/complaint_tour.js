import { waitFor } from "@odoo/hoot-dom";
import { registry } from "@web/core/registry";

const openForm = ".o_form_view:not(.o_form_nosheet)";

/** From the ringing to the number; the same on a phone and on a desk. */
registry.category("web_tour.tours").add("patient_complaint_intake", {
    steps: () => [
        {
            content: "Type the number of the caller",
            trigger: ".o_pr_intake_phone input",
            run: "edit 13800001234",
        },
        {
            content: "Tap the patient who has this number",
            trigger: "[name=candidate_ids] button:contains(T0001)",
            run: "click",
        },
        {
            content: "The patient is chosen: the row is gone, the visits are there",
            trigger: ".o_form_view:not(:has([name=candidate_ids] button))",
        },
        {
            content: "Tap the visit",
            trigger: "[name=visit_ids] button:contains(心内科)",
            run: "click",
        },
        {
            content: "The department follows",
            trigger: "[name=visit_ids] button.active",
        },
        {
            content: "Write what is told",
            trigger: "[name=narrative] textarea",
            run: "edit 排队三个小时没有人解释",
        },
        {
            content: "Tap what it is about",
            trigger: ".o_pr_problem_domain button:contains(Communication)",
            run: "click",
        },
        {
            content: "And a second thing",
            trigger: ".o_pr_problem_domain button:contains(Respect)",
            run: "click",
        },
        {
            content: "Say how bad it is",
            trigger: ".o_pr_problem_row:contains(Communication) button:contains(3)",
            run: "click",
        },
        {
            trigger:
                ".o_pr_problem_row:contains(Communication) button.active:contains(3)",
        },
        {
            content: "Enter in a line registers",
            trigger: ".o_pr_intake_phone input",
            run: "click && press Enter",
        },
        {
            content: "The complaint is open, with its number",
            trigger: `${openForm} .oe_title [name=name]:contains(TS)`,
        },
    ],
});

/** From the card on the work list to the coded problem. */
registry.category("web_tour.tours").add("patient_complaint_work", {
    steps: () => [
        {
            content: "Open the complaint from its column",
            trigger: ".o_kanban_group:first .o_kanban_record:contains(病房太吵)",
            run: "click",
        },
        {
            trigger: "button[name=action_acknowledge]",
            run: "click",
        },
        {
            content: "The next step takes its place",
            trigger: "button[name=action_investigate]",
            run: "click",
        },
        {
            trigger: "button[name=action_respond].btn-primary",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Problems)",
            run: "click",
        },
        {
            content: "Give the problem its finding",
            isActive: ["desktop"],
            trigger: "[name=problem_ids] .o_data_row [name=finding]",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: "[name=problem_ids] .o_data_row [name=finding] input",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_select_menu_item:contains(Partly Founded)",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: "[name=problem_ids] .o_kanban_record:contains(Communication)",
            run: "click",
        },
        {
            content: "The choices come up from below, outside the dialog",
            isActive: ["mobile"],
            trigger: ".modal [name=finding] input",
            async run(helpers) {
                await helpers.click();
                const choice = await waitFor(
                    ".o_select_menu_item:contains(Partly Founded)"
                );
                choice.click();
            },
        },
        {
            isActive: ["mobile"],
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

/** The manager's tables open, from problems to rates. */
registry.category("web_tour.tours").add("patient_complaint_statistics", {
    steps: () => [
        {
            content: "Problems by department and category",
            trigger: ".o_pivot_view th:contains(心内科)",
        },
        {
            trigger: ".o_pivot_view .o_pivot_download:enabled",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_view canvas",
        },
        {
            trigger: ".o_nav_entry, .o_menu_sections button:contains(Reporting)",
        },
        {
            trigger: ".o_menu_sections button:contains(Reporting)",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(Complaint Rates)",
            run: "click",
        },
        {
            trigger: ".o_pivot_view th:contains(Complaints per 1,000 Visits)",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: "button[name=action_refresh]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(心内科)",
        },
    ],
});
