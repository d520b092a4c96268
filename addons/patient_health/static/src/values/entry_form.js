import { useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * The grid of values: patients are looked for while one types, Enter in a row saves, and
 * from a patient it leads back there.
 */
export class EntryFormController extends FormController {
    setup() {
        super.setup();
        const lookUp = useDebounced((input) => {
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }, 300);
        useEffect(
            (root) => {
                const onKeydown = (ev) => this.onEntryKeydown(ev);
                const onInput = (ev) => {
                    if (ev.target.closest(".o_ph_entry_who") && !ev.isComposing) {
                        lookUp(ev.target);
                    }
                };
                root.addEventListener("keydown", onKeydown);
                root.addEventListener("input", onInput);
                return () => {
                    root.removeEventListener("keydown", onKeydown);
                    root.removeEventListener("input", onInput);
                };
            },
            () => [this.rootRef.el]
        );
    }

    onEntryKeydown(ev) {
        if (ev.key !== "Enter" || ev.isComposing || ev.defaultPrevented) {
            return;
        }
        if (ev.target.tagName !== "INPUT" || !ev.target.closest(".o_ph_grid")) {
            return;
        }
        ev.preventDefault();
        const buttons = ".o_ph_entry_actions button:not([disabled])";
        this.rootRef.el.querySelector(buttons)?.click();
    }

    async afterExecuteActionButton(clickParams) {
        await super.afterExecuteActionButton(clickParams);
        if (clickParams.name === "action_save") {
            await this.env.config.historyBack();
        }
    }
}

registry.category("views").add("patient_measurement_entry", {
    ...formView,
    Controller: EntryFormController,
});
