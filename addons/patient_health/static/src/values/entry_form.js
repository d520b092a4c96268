import { useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** The grid of values: Enter in a row saves; from a patient it leads back there. */
export class EntryFormController extends FormController {
    setup() {
        super.setup();
        useEffect(
            (root) => {
                const onKeydown = (ev) => this.onEntryKeydown(ev);
                root.addEventListener("keydown", onKeydown);
                return () => root.removeEventListener("keydown", onKeydown);
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
