import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The row of an indicator in the grid. */
const row = (name) => `.o_ph_row:has(.o_ph_name:contains(/^${name}$/))`;

/** Nothing runs over the edge of the screen. */
const fits = {
    content: "The page is no wider than the screen",
    trigger: "body",
    run: () => {
        const { scrollWidth, clientWidth } = document.querySelector(".o_content");
        if (scrollWidth > clientWidth + 1) {
            throw new Error(`The page is ${scrollWidth} px wide, not ${clientWidth}.`);
        }
    },
};

tours.add("patient_health_entry", {
    steps: () => [
        {
            content: "The initials of the name find the patient",
            trigger: ".o_ph_entry [name=who] input",
            run: "edit zw",
        },
        {
            trigger: "[name=candidate_ids] button:contains(T0001)",
            run: "click",
        },
        {
            content: "The latest visit is proposed, with its department",
            trigger: "[name=department_id] input:value(心内科)",
        },
        {
            content: "The last value is told, and the normal range",
            trigger: `${row("Systolic Blood Pressure")}:contains(132 mmHg):contains(90–129)`,
        },
        fits,
        {
            content: "The value is judged while it is typed",
            trigger: `${row("Systolic Blood Pressure")} input`,
            run: "edit 1850",
        },
        {
            trigger: `${row("Systolic Blood Pressure")} .o_ph_mark:contains(Not Plausible)`,
        },
        {
            content: "What cannot be is refused, and named",
            trigger: "button[name=action_save_next]",
            run: "click",
        },
        {
            trigger: ".modal:contains(1850 mmHg)",
        },
        {
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${row("Systolic Blood Pressure")} input`,
            run: "edit 185",
        },
        {
            trigger: `${row("Systolic Blood Pressure")} .o_ph_mark:contains(Act Now)`,
        },
        {
            content: "Wide digits of a Chinese keyboard are digits",
            trigger: `${row("Diastolic Blood Pressure")} input`,
            run: "edit ９５",
        },
        {
            trigger: `${row("Diastolic Blood Pressure")} .o_ph_mark:contains(Act)`,
        },
        {
            trigger: `${row("Body Temperature")} input`,
            run: "edit 36.8",
        },
        {
            trigger: `${row("Body Temperature")} .o_ph_mark:contains(Normal)`,
        },
        {
            content: "Enter saves",
            trigger: `${row("Body Temperature")} input`,
            run: "press Enter",
        },
        {
            content: "It says what has to be done",
            trigger: ".o_notification:contains(185 mmHg)",
        },
        {
            content: "The screen is ready for the next patient",
            trigger: ".o_ph_entry [name=who] input:value()",
        },
    ],
});

tours.add("patient_health_entry_from_patient", {
    steps: () => [
        {
            trigger: ".o_form_view .o_notebook",
        },
        {
            content: "Where the buttons do not fit they are behind another",
            isActive: [".o_form_view:not(:has(button[name=action_enter_measurements]))"],
            trigger: ".o_button_more",
            run: "click",
        },
        {
            trigger: "button[name=action_enter_measurements]",
            run: "click",
        },
        {
            trigger: ".o_ph_entry [name=patient_id]:contains(张伟)",
        },
        {
            content: "Another set has other rows",
            trigger: ".o_ph_sets .o_selection_badge:contains(Diabetes Visit)",
            run: "click",
        },
        {
            trigger: `${row("Fasting Glucose")} input`,
            run: "edit 6.5",
        },
        {
            trigger: `${row("Fasting Glucose")} .o_ph_mark:contains(Abnormal)`,
        },
        {
            trigger: `${row("Smoking")} select`,
            run: "selectByLabel Never smoked",
        },
        {
            trigger: `${row("Smoking")} .o_ph_mark:contains(Normal)`,
        },
        fits,
        {
            trigger: "button[name=action_save]",
            run: "click",
        },
        {
            content: "The screen goes back to the patient",
            trigger: ".o_form_view .o_notebook .nav-link:contains(Trends)",
        },
    ],
});

tours.add("patient_health_trends", {
    steps: () => [
        {
            trigger: ".o_notebook .nav-link:contains(Trends)",
            run: "click",
        },
        {
            content: "Two courses stand side by side",
            trigger: ".o_ph_charts:has(.o_ph_chart:contains(Systolic) canvas):has(.o_ph_chart:contains(Weight) canvas)",
        },
        {
            content: "The last value is written out",
            trigger: ".o_ph_chart:contains(Systolic):contains(126)",
        },
        fits,
        {
            content: "Leave one out",
            trigger: ".o_ph_choices button:contains(Weight)",
            run: "click",
        },
        {
            trigger: ".o_ph_charts:not(:contains(Weight))",
        },
        {
            trigger: ".o_ph_spans button[data-years='0']",
            run: "click",
        },
        {
            trigger: ".o_ph_spans button[data-years='0'].active",
        },
        {
            trigger: ".o_ph_compare",
            run: "click",
        },
        {
            content: "The pressure is better than a year ago",
            trigger: ".o_ph_compared_row:contains(Systolic):contains(162):contains(132) .badge:contains(Better)",
        },
        fits,
    ],
});

tours.add("patient_health_import", {
    steps: () => [
        {
            trigger: ".o_menu_sections button:contains(Health Record)",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(Import Values)",
            run: "click",
        },
        {
            content: "The template is offered",
            trigger: "a[href*='patient_measurement.xlsx']",
        },
    ],
});
