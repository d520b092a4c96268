import { useEffect } from "@odoo/owl";
import { useDebounced } from "@web/core/utils/timing";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * The intake screen: Enter in a line registers, in the text Ctrl+Enter does; the patients
 * with a number are looked for while it is typed.
 */
export class IntakeFormController extends FormController {
    setup() {
        super.setup();
        const lookUp = useDebounced((input) => {
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }, 400);
        useEffect(
            (root) => {
                const onKeydown = (ev) => this.onIntakeKeydown(ev);
                const onInput = (ev) => {
                    if (ev.target.closest(".o_pr_intake_phone")) {
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

    onIntakeKeydown(ev) {
        const inText = ev.target.tagName === "TEXTAREA";
        const inLine = ev.target.tagName === "INPUT";
        if (ev.key !== "Enter" || ev.isComposing || ev.defaultPrevented) {
            return;
        }
        if (!(inLine || (inText && (ev.ctrlKey || ev.metaKey)))) {
            return;
        }
        // There Enter chooses.
        if (ev.target.closest(".o_select_menu, .o_field_datetime")) {
            return;
        }
        ev.preventDefault();
        this.rootRef.el.querySelector("button[name=action_register]")?.click();
    }
}

registry.category("views").add("patient_complaint_intake", {
    ...formView,
    Controller: IntakeFormController,
});
