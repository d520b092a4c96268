import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The items of a score, one under the other: what the record says is filled in with where
 * it comes from, the rest is asked. Buttons are large enough for a thumb.
 */
export class ScoreLinesField extends Component {
    static template = "patient_health.ScoreLinesField";
    static props = { ...standardFieldProps };

    setup() {
        this.onTyping = useDebounced(this.onNumber.bind(this), 400);
    }

    get lines() {
        return this.props.record.data[this.props.name].records;
    }

    getChoices(line) {
        return JSON.parse(line.data.choices || "[]");
    }

    isKnown(line) {
        return Boolean(line.data.suggestion) && line.data.answer === line.data.suggestion;
    }

    /** A second tap on a choice takes it back. */
    onChoice(line, code) {
        return line.update({ answer: line.data.answer === code ? false : code });
    }

    /** The total follows while one types, and at once when the field is left. */
    onNumber(line, input) {
        const answer = input.value.trim() || false;
        return answer === (line.data.answer || false) || line.update({ answer });
    }
}

export const scoreLinesField = {
    component: ScoreLinesField,
    displayName: _t("Items of a Score"),
    supportedTypes: ["one2many"],
    useSubView: true,
    isEmpty: () => false,
};

registry.category("fields").add("ph_score_lines", scoreLinesField);
