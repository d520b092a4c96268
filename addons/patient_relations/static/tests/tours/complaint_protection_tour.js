import { registry } from "@web/core/registry";

/** An officer who is a custodian protects a complainant and talks on by code. */
registry.category("web_tour.tours").add("patient_complaint_protection", {
    steps: () => [
        {
            content: "The complaint still says who complained",
            trigger: "[name=complainant_name] input:value(欧阳金丝雀)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_protect]",
            run: "click",
        },
        {
            content: "It says what will happen, and that it is for good",
            trigger: ".modal .alert-warning:contains(cannot be taken back)",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The receipt code is shown once",
            trigger: ".modal [name=code]",
        },
        {
            trigger: ".modal button[name=action_done]",
            run: "click",
        },
        {
            content: "The name left the page",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:contains(欧阳金丝雀)) .alert:contains(Protected)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Conversation)",
            run: "click",
        },
        {
            trigger: "[name=thread_draft] textarea",
            run: "edit 谢谢您，我们明天给您答复。",
        },
        {
            trigger: "button[name=action_send_thread_draft]",
            run: "click",
        },
        {
            content: "The answer stands in the conversation, the draft is empty",
            trigger: "[name=thread_message_ids]:contains(我们明天给您答复)",
        },
        {
            content: "The draft is empty again",
            trigger: "[name=thread_draft] textarea:value()",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            content: "Who it is takes a reason",
            trigger: "button[name=action_open_identity]",
            run: "click",
        },
        {
            trigger: ".modal [name=reason] textarea",
            run: "edit 投诉人要求今天回电",
        },
        {
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            trigger: ".modal [name=complainant_name]:contains(欧阳金丝雀)",
        },
        {
            trigger: ".modal footer button:contains(Back)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link:contains(Protection)",
            run: "click",
        },
        {
            content: "The office reads who opened it, and why",
            trigger: "[name=identity_access_ids]:contains(投诉人要求今天回电)",
        },
    ],
});

/** A manager takes the workbook of the month. */
registry.category("web_tour.tours").add("patient_complaint_monthly", {
    steps: () => [
        {
            trigger: ".o_pivot_view, .o_view_nocontent",
        },
        {
            trigger: ".o_menu_sections button:contains(Reporting)",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(Monthly Report)",
            run: "click",
        },
        {
            trigger: ".modal [name=month] input, .modal [name=month] button",
        },
        {
            content: "The workbook comes, and no error with it",
            trigger: ".modal button[name=action_print]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_blockUI)):not(:has(.o_error_dialog))",
        },
    ],
});
