import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { useDebounced } from "@web/core/utils/timing";
import { parseFloat } from "@web/views/fields/parsers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A number is judged by the server this long after the last key (ms). */
const PAUSE = 350;

/**
 * One line of text whose value is sent while it is typed, and written out only when the
 * typing has ended: what stands under the fingers is not touched.
 */
class ValueInput extends Component {
    static template = "patient_health.ValueInput";
    static props = { row: Object, name: String, inputId: String, label: String };

    setup() {
        this.input = useRef("input");
        this.isTyping = false;
        this.commitSoon = useDebounced(() => this.commit(), PAUSE);
        const { bus } = this.props.row.model;
        useBus(bus, "NEED_LOCAL_CHANGES", (ev) => ev.detail.proms.push(this.commit()));
        useBus(bus, "WILL_SAVE_URGENTLY", () => this.commit());
        useEffect(() => {
            const written = this.written;
            if (this.input.el && !this.isTyping && !this.isInvalid) {
                this.input.el.value = written;
            }
        });
    }

    get isNumber() {
        return this.props.name === "value";
    }

    get isInvalid() {
        return this.props.row.isFieldInvalid(this.props.name);
    }

    /** The value of the row as people write it. */
    get written() {
        const value = this.props.row.data[this.props.name];
        if (!this.isNumber) {
            return value || "";
        }
        return value === false
            ? ""
            : formatFloat(value, { digits: [16, 6], trailingZeros: false });
    }

    /** Chinese keyboards write wide digits, and a full stop of their own. */
    parse(text) {
        const plain = text.normalize("NFKC").replace("。", ".").trim();
        if (!this.isNumber) {
            return text.trim();
        }
        return plain === "" ? false : parseFloat(plain);
    }

    async commit() {
        const { row, name } = this.props;
        if (!this.input.el) {
            return;
        }
        let value;
        try {
            value = this.parse(this.input.el.value);
        } catch {
            return row.setInvalidField(name);
        }
        if (this.isInvalid) {
            row.resetFieldValidity(name);
        }
        if ((value === "" ? false : value) !== (row.data[name] === "" ? false : row.data[name])) {
            await row.update({ [name]: value });
        }
    }

    onInput() {
        this.isTyping = true;
        this.commitSoon();
    }

    async onChange() {
        this.isTyping = false;
        await this.commit();
        if (this.input.el && !this.isTyping && !this.isInvalid) {
            this.input.el.value = this.written;
        }
    }
}

/**
 * The grid of values: a row an indicator, an input that suits its kind, what was known
 * last, the normal range, and what the value means. Made for one thumb.
 */
export class ValueGrid extends Component {
    static template = "patient_health.ValueGrid";
    static components = { ValueInput };
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
        this.orm = useService("orm");
        onWillStart(async () => {
            this.options = await this.orm
                .cache({ type: "ram" })
                .searchRead(
                    "patient.indicator.option",
                    [],
                    ["indicator_id", "display_name"]
                );
        });
    }

    get rows() {
        return this.props.record.data[this.props.name].records;
    }

    getInputId(row) {
        return `o_ph_value_${row.data.indicator_id.id}`;
    }

    getOptions(row) {
        return this.options.filter(
            (option) => option.indicator_id[0] === row.data.indicator_id.id
        );
    }

    getAnswers(row) {
        return row.fields.answer.selection;
    }

    getMark(row) {
        const { level, side } = row.data;
        if (!level || level === "unknown") {
            return "";
        }
        const label = Object.fromEntries(row.fields.level.selection)[level];
        const arrow = { low: " ↓", high: " ↑" }[side] || "";
        return label + arrow;
    }

    onOption(row, value) {
        const option = this.options.find((one) => one.id === Number(value));
        return row.update({
            option_id: option
                ? { id: option.id, display_name: option.display_name }
                : false,
        });
    }

    onAnswer(row, key) {
        return row.update({ answer: row.data.answer === key ? false : key });
    }

    /** Up and down lead from row to row. */
    onKeydown(ev) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (!step || ev.target.tagName !== "INPUT") {
            return;
        }
        const inputs = [...this.root.el.querySelectorAll("input, select")];
        const next = inputs[inputs.indexOf(ev.target) + step];
        if (next) {
            ev.preventDefault();
            next.focus();
            next.select?.();
        }
    }
}

export const valueGrid = {
    component: ValueGrid,
    displayName: _t("Grid of Values"),
    supportedTypes: ["one2many"],
    useSubView: true,
    isEmpty: () => false,
};

registry.category("fields").add("patient_value_grid", valueGrid);
