import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { deserializeDate, deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";

const scheme = cookie.get("color_scheme");
const GRID_COLOR = getCustomColor(scheme, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)");
const TEXT_COLOR = getCustomColor(scheme, "#111827", "#E4E4E4");
const LINE_COLOR = getCustomColor(scheme, "#495057", "#ADB5BD");
const BAND_COLOR = "rgba(64, 192, 87, 0.18)";
const ACT_COLOR = "rgba(240, 140, 0, 0.9)";
const CRITICAL_COLOR = "rgba(224, 49, 49, 0.9)";
const POINT_COLORS = {
    unknown: LINE_COLOR,
    normal: "#2b8a3e",
    abnormal: "#e67700",
    act: "#d9480f",
    critical: "#c92a2a",
};

function drawLine(ctx, left, right, y, color, dashes) {
    ctx.beginPath();
    ctx.setLineDash(dashes);
    ctx.strokeStyle = color;
    ctx.moveTo(left, y);
    ctx.lineTo(right, y);
    ctx.stroke();
}

/** Draws the reference bands behind the course, each along the time it was in force. */
const referenceBands = {
    id: "referenceBands",
    beforeDatasetsDraw(chart, _args, { bands }) {
        const { ctx, chartArea: area, scales } = chart;
        const place = (line, otherwise) =>
            line === null
                ? otherwise
                : Math.min(Math.max(scales.y.getPixelForValue(line), area.top), area.bottom);
        const clip = (x) => Math.min(Math.max(x, area.left), area.right);
        ctx.save();
        for (const band of bands) {
            const left = clip(scales.x.getPixelForValue(band.begin));
            const right = clip(scales.x.getPixelForValue(band.end));
            if (band.normal_low !== null || band.normal_high !== null) {
                const top = place(band.normal_high, area.top);
                const bottom = place(band.normal_low, area.bottom);
                ctx.fillStyle = BAND_COLOR;
                ctx.fillRect(left, top, right - left, bottom - top);
            }
            for (const [color, dashes, names] of [
                [ACT_COLOR, [5, 4], ["act_low", "act_high"]],
                [CRITICAL_COLOR, [2, 3], ["critical_low", "critical_high"]],
            ]) {
                for (const name of names) {
                    const line = band[name];
                    if (line !== null && line >= scales.y.min && line <= scales.y.max) {
                        const y = scales.y.getPixelForValue(line);
                        drawLine(ctx, left, right, y, color, dashes);
                    }
                }
            }
        }
        ctx.restore();
    },
};

/** The course of one indicator, with Odoo's own Chart.js. */
export class TrendChart extends Component {
    static template = "patient_health.TrendChart";
    static props = { trend: Object, begin: String, end: String };

    setup() {
        this.canvas = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.renderChart(),
            () => [this.props.trend]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    renderChart() {
        this.chart?.destroy();
        this.chart = new Chart(this.canvas.el, this.getConfig());
    }

    get bands() {
        return this.props.trend.bands.map((band) => ({
            ...band,
            begin: deserializeDate(band.first).toMillis(),
            end: deserializeDate(band.last).plus({ days: 1 }).toMillis(),
        }));
    }

    get last() {
        const { points } = this.props.trend;
        return points[points.length - 1];
    }

    write(value) {
        const digits = [16, this.props.trend.decimals];
        return formatFloat(value, { digits });
    }

    getConfig() {
        const { trend } = this.props;
        const levels = trend.points.map((point) => point.level);
        const lines = trend.bands.flatMap((band) => [band.normal_low, band.normal_high]);
        const drawn = lines.filter((line) => line !== null);
        const colors = levels.map((level) => POINT_COLORS[level] || LINE_COLOR);
        return {
            type: "line",
            data: {
                datasets: [
                    {
                        label: trend.name,
                        data: trend.points.map((point) => ({
                            x: deserializeDateTime(point.at).toMillis(),
                            y: point.value,
                        })),
                        borderColor: LINE_COLOR,
                        borderWidth: 1.5,
                        pointBackgroundColor: colors,
                        pointBorderColor: colors,
                        pointRadius: trend.points.length > 80 ? 2 : 3.5,
                        pointStyle: trend.points.map((point) =>
                            point.side ? "triangle" : "circle"
                        ),
                        pointRotation: trend.points.map((point) =>
                            point.side === "low" ? 180 : 0
                        ),
                    },
                ],
            },
            options: this.getOptions(drawn),
            plugins: [referenceBands],
        };
    }

    getOptions(lines) {
        const { begin, end, trend } = this.props;
        return {
            animation: false,
            maintainAspectRatio: false,
            responsive: true,
            layout: { padding: { right: 6 } },
            interaction: { intersect: false, mode: "nearest", axis: "x" },
            plugins: {
                legend: { display: false },
                referenceBands: { bands: this.bands },
                tooltip: {
                    displayColors: false,
                    callbacks: {
                        title: ([item]) => formatDateTime(
                            deserializeDateTime(trend.points[item.dataIndex].at)
                        ),
                        label: (item) => `${this.write(item.parsed.y)} ${trend.unit}`,
                    },
                },
            },
            scales: {
                x: {
                    type: "time",
                    min: begin ? deserializeDate(begin).toMillis() : undefined,
                    max: end ? deserializeDate(end).plus({ days: 1 }).toMillis() : undefined,
                    time: { minUnit: "day" },
                    ticks: { color: TEXT_COLOR, maxRotation: 0, autoSkipPadding: 12 },
                    grid: { color: GRID_COLOR },
                },
                y: {
                    suggestedMin: lines.length ? Math.min(...lines) : undefined,
                    suggestedMax: lines.length ? Math.max(...lines) : undefined,
                    ticks: { color: TEXT_COLOR, maxTicksLimit: 6 },
                    grid: { color: GRID_COLOR },
                },
            },
        };
    }
}
