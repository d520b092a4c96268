import { registry } from "@web/core/registry";

/** From the warning to the days of the next year; the same on a phone and on a desk. */
registry.category("web_tour.tours").add("patient_working_day_import", {
    steps: () => [
        {
            content: "Nothing is known beside the published days",
            trigger: ".o_view_nocontent:contains(published days are known)",
        },
        {
            content: "On a phone the buttons are behind the dots",
            isActive: ["mobile"],
            trigger: "button.o-control-panel-adaptive-dropdown",
            run: "click",
        },
        {
            content: "Start the import",
            isActive: ["mobile"],
            trigger: ".o-dropdown--menu :contains(Import):last",
            run: "click",
        },
        {
            content: "Start the import",
            isActive: ["desktop"],
            trigger: ".o_control_panel button:contains(Import):visible",
            run: "click",
        },
        {
            content: "Paste a notice with a wrong number in it",
            trigger: ".modal [name=text] textarea",
            run: "edit 2030年部分节假日 一、元旦：1月1日至2日放假，共3天。1月5日上班。",
        },
        {
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            content: "The mistake is named",
            trigger: ".modal:contains(共3天) button.btn-primary:contains(Close)",
            run: "click",
        },
        {
            content: "Correct it",
            trigger: ".modal [name=text] textarea",
            run: "edit 2030年部分节假日 一、元旦：1月1日至2日放假，共2天。1月5日上班。",
        },
        {
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            content: "What would change is shown",
            trigger: ".modal [name=summary]:contains(3 days)",
        },
        {
            trigger: ".modal [name=line_ids]:contains(New):contains(元旦)",
        },
        {
            trigger: ".modal button[name=action_import]",
            run: "click",
        },
        {
            content: "The days are there",
            trigger: ".o_action_manager:contains(2030)",
        },
    ],
});

registry.category("web_tour.tours").add("patient_working_day_calendar", {
    steps: () => [
        {
            content: "Look at the calendar",
            trigger: ".o_switch_view.o_calendar",
            run: "click",
        },
        {
            content: "Open the day",
            trigger: ".o_calendar_view .fc-event:contains(院庆)",
            run: "click",
        },
        {
            trigger: ".o_cw_popover:contains(院庆)",
        },
    ],
});
