import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { computeM2OProps, Many2One } from "@web/views/fields/many2one/many2one";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The person of one problem, chosen by name. */
class ProblemPerson extends Component {
    static template = "patient_relations.ProblemPerson";
    static components = { Many2One };
    static props = { record: Object, name: String };

    get m2oProps() {
        return computeM2OProps({
            ...this.props,
            canCreate: false,
            canOpen: false,
            placeholder: _t("Person complained about"),
        });
    }
}

/**
 * Problems by taps: a tap on a category adds one, a tap on 1 to 4 says how bad it is.
 * Finer kinds of a category are chosen later, on the complaint.
 */
export class ProblemsField extends Component {
    static template = "patient_relations.ProblemsField";
    static components = { ProblemPerson };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ withPerson: false });
        onWillStart(async () => {
            this.categories = await this.orm
                .cache({ type: "ram" })
                .searchRead(
                    "patient.complaint.category",
                    [["hcat_level", "=", "category"]],
                    ["display_name", "domain_id", "description"]
                );
        });
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get severities() {
        return this.list.fields.severity.selection;
    }

    /** The categories under their domains, in the order of the tree. */
    get domains() {
        const domains = new Map();
        for (const category of this.categories) {
            const [id, name] = category.domain_id;
            const domain = domains.get(id) || { id, name, categories: [] };
            domain.categories.push(category);
            domains.set(id, domain);
        }
        return [...domains.values()];
    }

    isChosen(category) {
        return this.list.records.some((row) => row.data.category_id.id === category.id);
    }

    async onCategory(category) {
        const chosen = this.list.records.find(
            (row) => row.data.category_id.id === category.id
        );
        if (chosen) {
            return this.list.delete(chosen);
        }
        await this.list.addNewRecord({
            position: "bottom",
            context: { default_category_id: category.id },
            mode: "readonly",
        });
    }

    onSeverity(row, severity) {
        return row.update({ severity });
    }

    onRemove(row) {
        return this.list.delete(row);
    }
}

export const problemsField = {
    component: ProblemsField,
    displayName: _t("Problems by Taps"),
    supportedTypes: ["one2many"],
    useSubView: true,
    isEmpty: () => false,
};

registry.category("fields").add("pr_problems", problemsField);
