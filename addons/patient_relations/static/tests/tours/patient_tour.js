import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const onPhone = () => window.innerWidth < 768;

/** Steps that look for a text in the search field of a list. */
function search(text) {
    const steps = [
        {
            content: "Type what one knows of the patient",
            trigger: ".o_searchview_input",
            run: `edit ${text}`,
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first",
            run: "click",
        },
    ];
    if (onPhone()) {
        steps.unshift({
            trigger: ".o_control_panel button:has(.oi-search, .fa-search)",
            run: "click",
        });
    }
    return steps;
}

/** Steps that change to another view of the same records. */
function changeView(type, label) {
    const opened = {
        content: `The ${type} view is open`,
        trigger: `.o_${type}_view .o_content`,
    };
    if (onPhone()) {
        return [
            { trigger: ".o_cp_switch_buttons button", run: "click" },
            { trigger: `.o-dropdown-item:contains(${label})`, run: "click" },
            opened,
        ];
    }
    return [{ trigger: `.o_switch_view.o_${type}`, run: "click" }, opened];
}

tours.add("patient_file", {
    steps: () => [
        ...search("zw"),
        {
            content: "The initials have found the patient; open the file",
            trigger: onPhone()
                ? ".o_kanban_record:contains(T0001)"
                : ".o_data_row:contains(T0001) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "The visits are in the file",
            trigger: ".o_pr_timeline .o_kanban_record:contains(心内科)",
        },
        {
            content: "Look at the relatives",
            trigger: ".o_notebook a.nav-link:contains(Relatives)",
            run: "click",
        },
        { trigger: "[name=relative_ids]" },
        {
            content: "Open a new file",
            trigger: ".o_form_button_create",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=name] textarea:not(:value(张伟))",
            run: "edit 李娜",
        },
        {
            trigger: "[name=phone] input",
            run: "edit 138 0000 1234 && press Tab",
        },
        {
            content: "Somebody else has this telephone",
            trigger: ".alert-warning:contains(张伟)",
        },
        {
            trigger: "[name=phone] input",
            run: "edit 137 0000 9999 && press Tab",
        },
        {
            content: "Nobody has this one",
            trigger: ".o_form_view:not(:has(.alert-warning))",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The file has a number, and a card can be issued",
            trigger: ".o_form_view:has(button[name=action_issue_card])",
        },
    ],
});

tours.add("patient_tag_rule", {
    steps: () => [
        {
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: "[name=name] input",
            run: "edit Older patients",
        },
        {
            trigger: "[name=tag_id] input",
            run: "edit Elder",
        },
        {
            trigger: ".o_m2o_dropdown_option_create a",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "See who matches before anything is given",
            trigger: "button[name=action_preview]:contains(1)",
            run: "click",
        },
        {
            content: "The patient would carry the tag, and does not yet",
            trigger: ".o_data_row:contains(T0001):not(:contains(Elder))",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item:last a",
            run: "click",
        },
        {
            trigger: "button[name=action_run]",
            run: "click",
        },
        {
            trigger: "[name=given_count]:contains(1)",
        },
        {
            trigger: "button[name=action_undo]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The tag is taken back, the rule rests",
            trigger: ".o_form_view:contains(Resting) [name=given_count]:contains(0)",
        },
    ],
});

tours.add("patient_visits", {
    steps: () => [
        {
            content: "Visits that took place are listed",
            trigger: onPhone()
                ? ".o_kanban_record:contains(T0001)"
                : ".o_data_row:contains(T0001)",
        },
        ...changeView("calendar", "Calendar"),
        ...changeView("pivot", "Pivot"),
        {
            content: "Waiting is a mean of minutes",
            trigger: ".o_pivot table:contains(心内科):contains(30.00)",
        },
        ...changeView("graph", "Graph"),
        { trigger: ".o_graph_renderer canvas" },
    ],
});
