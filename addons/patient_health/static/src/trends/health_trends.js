import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDate, formatDate, serializeDate, today } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { KeepLast } from "@web/core/utils/concurrency";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { TrendChart } from "./trend_chart";

/** Charts that are shown before somebody has chosen. */
const FIRST_CHARTS = 4;
/** More would not be read side by side. */
const MOST_CHARTS = 12;

/**
 * What has become of a patient: the courses of chosen indicators side by side, and two
 * periods compared.
 */
export class HealthTrends extends Component {
    static template = "patient_health.HealthTrends";
    static components = { TrendChart };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        // the answer to a question that was replaced by another is not shown
        this.latest = {
            get_health_trend_choices: new KeepLast(),
            get_health_trends: new KeepLast(),
            get_health_comparison: new KeepLast(),
        };
        this.state = useState({
            choices: [],
            chosen: [],
            years: 3,
            begin: "",
            end: "",
            trends: [],
            periods: this.getPeriods(),
            comparison: [],
            isComparing: false,
            error: "",
        });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.patientId) {
                return this.load(record.resId);
            }
        });
    }

    get spans() {
        return [
            [1, _t("1 year")],
            [3, _t("3 years")],
            [5, _t("5 years")],
            [10, _t("10 years")],
            [0, _t("All")],
        ];
    }

    /** The last twelve months, and the twelve before. */
    getPeriods() {
        const now = today();
        return {
            beforeFirst: serializeDate(now.minus({ years: 2 }).plus({ days: 1 })),
            beforeLast: serializeDate(now.minus({ years: 1 })),
            afterFirst: serializeDate(now.minus({ years: 1 }).plus({ days: 1 })),
            afterLast: serializeDate(now),
        };
    }

    async load(patientId) {
        this.patientId = patientId;
        this.state.choices = patientId
            ? await this.call("get_health_trend_choices")
            : [];
        this.state.chosen = this.getFirstChoices();
        this.setSpan(3);
        await this.loadTrends();
    }

    call(method, ...args) {
        return this.latest[method].add(
            this.orm.call("patient.patient", method, [[this.patientId], ...args])
        );
    }

    /** What is out of range comes first, then what was measured most often. */
    getFirstChoices() {
        const isWrong = (choice) => ["abnormal", "act", "critical"].includes(choice.level);
        const sorted = [...this.state.choices].sort(
            (one, other) => isWrong(other) - isWrong(one) || other.count - one.count
        );
        return sorted.slice(0, FIRST_CHARTS).map((choice) => choice.id);
    }

    /** The chosen indicators in the order of the catalogue. */
    get chosenIds() {
        return this.state.choices
            .map((choice) => choice.id)
            .filter((id) => this.state.chosen.includes(id));
    }

    setSpan(years) {
        this.state.years = years;
        const now = today();
        this.state.begin = years
            ? serializeDate(now.minus({ years }).plus({ days: 1 }))
            : "";
        this.state.end = years ? serializeDate(now) : "";
    }

    async loadTrends() {
        if (!this.chosenIds.length) {
            this.state.trends = [];
            this.state.comparison = [];
            return;
        }
        this.state.trends = await this.call(
            "get_health_trends",
            this.chosenIds,
            this.state.begin || false,
            this.state.end || false
        );
        await this.compare();
    }

    async compare() {
        const { beforeFirst, beforeLast, afterFirst, afterLast } = this.state.periods;
        this.state.error = "";
        if (!this.state.isComparing || !this.chosenIds.length) {
            return;
        }
        const days = [beforeFirst, beforeLast, afterFirst, afterLast];
        if (days.some((day) => !day) || beforeLast < beforeFirst || afterLast < afterFirst) {
            this.state.error = _t(
                "Each period needs a first and a last day, in this order."
            );
            return;
        }
        this.state.comparison = await this.call(
            "get_health_comparison",
            this.chosenIds,
            [beforeFirst, beforeLast],
            [afterFirst, afterLast]
        );
    }

    async onToggle(choice) {
        const chosen = this.state.chosen;
        if (chosen.includes(choice.id)) {
            this.state.chosen = chosen.filter((id) => id !== choice.id);
        } else {
            this.state.chosen = [...chosen.slice(-(MOST_CHARTS - 1)), choice.id];
        }
        await this.loadTrends();
    }

    async onSpan(years) {
        this.setSpan(years);
        await this.loadTrends();
    }

    async onCompare() {
        this.state.isComparing = !this.state.isComparing;
        await this.compare();
    }

    async onDay(name, value) {
        this.state.periods[name] = value;
        await this.compare();
    }

    write(value, decimals, sign = false) {
        if (value === null) {
            return "–";
        }
        const text = formatFloat(value, { digits: [16, decimals] });
        return sign && value > 0 ? `+${text}` : text;
    }

    writeShare(share) {
        return share === null ? "–" : `${Math.round(share * 100)} %`;
    }

    writeDay(day) {
        return day ? formatDate(deserializeDate(day)) : "";
    }

    getVerdict(compared) {
        if (compared.is_improved === null) {
            const enough = compared.before.count && compared.after.count;
            return {
                class: "text-bg-secondary",
                label: enough ? _t("Unchanged") : _t("Not enough values"),
            };
        }
        return compared.is_improved
            ? { class: "text-bg-success", label: _t("Better") }
            : { class: "text-bg-danger", label: _t("Worse") };
    }
}

export const healthTrends = {
    component: HealthTrends,
    fieldDependencies: [],
};

registry.category("view_widgets").add("patient_health_trends", healthTrends);
