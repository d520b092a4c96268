import { registry } from "@web/core/registry";

/** A nurse takes a critical value from the work list, and ends it with a note. */
registry.category("web_tour.tours").add("patient_health_duty", {
    steps: () => [
        {
            content: "The critical value stands on the list",
            isActive: ["desktop"],
            trigger: ".o_data_row:first:contains(190 mmHg) [name=reason]",
            run: "click",
        },
        {
            content: "On a phone the card says who, what, and which number to call",
            isActive: ["mobile"],
            trigger: ".o_kanban_record:contains(张伟):contains(190 mmHg) a[href^='tel:']",
        },
        {
            content: "The latest values are on it",
            isActive: ["mobile"],
            trigger: ".o_kanban_record .small:contains(190)",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=reason]:contains(act now)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_claim]",
            run: "click",
        },
        {
            content: "It is the nurse's now",
            trigger: ".o_form_view [name=user_id]:contains(赵护士)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".modal [name=note] textarea",
            run: "edit 已电话联系，病人来院复查",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The note stands on the duty",
            trigger: "body:not(:has(.modal)) [name=closed_note]:contains(病人来院复查)",
        },
    ],
});

/** From the patient to advice of the library, and its beginning. */
registry.category("web_tour.tours").add("patient_health_intervention", {
    steps: () => [
        {
            trigger: ".o-form-buttonbox .o_button_more",
            run: "click",
        },
        {
            trigger: "button[name=action_propose_interventions]",
            run: "click",
        },
        {
            content: "The reason is told",
            trigger: ".modal [name=reasons]:contains(190 mmHg)",
        },
        {
            trigger: ".modal [name=template_ids]:contains(Eat less salt)",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Eat less salt) [name=name]",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: "body:not(:has(.modal)) .o_kanban_record:contains(Eat less salt)",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=advice] textarea:value(Less than 5 g)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_activate]",
            run: "click",
        },
        {
            content: "Where the patient begins is read from the record",
            trigger: ".o_form_view [name=baseline_value]:contains(190)",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_statusbar_status button[aria-checked=true]:contains(Going On)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_status button:contains(Going On)",
        },
    ],
});

/** A summary: drafted, completed, signed. */
registry.category("web_tour.tours").add("patient_health_summary", {
    steps: () => [
        {
            trigger: "button[name=action_draft]:visible",
            run: "click",
        },
        {
            content: "The values of the period stand in the draft",
            trigger: "[name=body]:contains(190 mmHg)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_sign]",
            run: "click",
        },
        {
            content: "It says that this is for good",
            trigger: ".modal:contains(nothing is changed) .btn-primary",
            run: "click",
        },
        {
            content: "Signed: the text is read only, the checksum is there",
            trigger: "body:not(:has(.modal)) [name=content_hash]",
        },
        {
            trigger: ".o_form_view:not(:has([name=body] .odoo-editor-editable))",
        },
    ],
});
