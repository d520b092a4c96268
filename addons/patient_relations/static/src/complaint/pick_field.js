import { Component } from "@odoo/owl";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Rows that are large enough for a thumb. A tap puts the row's record into another
 * many2one field of the form (option `target`), or opens it (option `open`).
 */
export class PickField extends Component {
    static template = "patient_relations.PickField";
    static props = {
        ...standardFieldProps,
        target: { type: String, optional: true },
        open: { type: Boolean, optional: true },
        icon: { type: String, optional: true },
        columns: { type: Array, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get chosenId() {
        return this.props.target && this.props.record.data[this.props.target].id;
    }

    /** What the row says beside its name: the other columns of the sub-view. */
    getDetail(row) {
        const parts = [];
        for (const name of this.props.columns || []) {
            const field = row.fields[name];
            const value = row.data[name];
            if (name === "display_name" || !value) {
                continue;
            }
            if (field.type === "many2one") {
                parts.push(value.display_name);
            } else if (field.type === "selection") {
                parts.push(Object.fromEntries(field.selection)[value]);
            } else if (field.type === "date") {
                parts.push(formatDate(value));
            } else {
                parts.push(String(value));
            }
        }
        return parts.join(" · ");
    }

    async onPick(row) {
        if (this.props.open) {
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: this.list.resModel,
                res_id: row.resId,
                views: [[false, "form"]],
            });
        }
        const chosen = this.chosenId === row.resId;
        await this.props.record.update({
            [this.props.target]: chosen
                ? false
                : { id: row.resId, display_name: row.data.display_name },
        });
    }
}

export const pickField = {
    component: PickField,
    displayName: _t("Rows to Pick From"),
    supportedTypes: ["many2many", "one2many"],
    useSubView: true,
    isEmpty: () => false,
    extractProps: ({ options, views }) => ({
        target: options.target,
        open: Boolean(options.open),
        icon: options.icon,
        columns: (views.list?.columns || []).map((column) => column.name),
    }),
};

registry.category("fields").add("pr_pick", pickField);
