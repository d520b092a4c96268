import { registry } from "@web/core/registry";

/** From the complaint to the acknowledgement that went out, and back. */
registry.category("web_tour.tours").add("patient_complaint_reply", {
    steps: () => [
        {
            content: "Answer the complaint",
            trigger: "button[name=action_reply]",
            run: "click",
        },
        {
            content: "The letter is there, with the name of its reader",
            trigger: "[name=body]:contains(Dear 张伟)",
        },
        {
            content: "Nobody has to approve an acknowledgement",
            trigger: "button[name=action_send]:contains(Record as Given)",
            run: "click",
        },
        {
            trigger: ".modal button.btn-primary",
            run: "click",
        },
        {
            content: "It went out: from now on it is corrected by a new version",
            trigger: "button[name=action_correct]",
        },
        {
            content: "Back to the complaint",
            trigger: ".o_breadcrumb a:contains(TS20), .breadcrumb-item a:contains(TS20)",
            run: "click",
        },
        {
            content: "The complaint is acknowledged",
            trigger: "button[name=action_investigate].btn-primary",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Replies)",
            run: "click",
        },
        {
            trigger: "[name=reply_ids] .o_data_row:contains(Acknowledgement)",
        },
    ],
});
