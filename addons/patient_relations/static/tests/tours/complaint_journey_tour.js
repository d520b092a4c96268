import { registry } from "@web/core/registry";

/** The way of one complaint through three pairs of hands, on Chinese screens. */
const tours = registry.category("web_tour.tours");

tours.add("patient_journey_take", {
    steps: () => [
        {
            trigger: ".o_pr_intake_phone input",
            run: "edit 13800001234",
        },
        {
            trigger: "[name=candidate_ids] button:contains(T0001)",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has([name=candidate_ids] button))",
        },
        {
            trigger: "[name=visit_ids] button:contains(心内科)",
            run: "click",
        },
        {
            trigger: "[name=visit_ids] button.active",
        },
        {
            trigger: "[name=narrative] textarea",
            run: "edit 出院带药没有讲清楚怎么吃",
        },
        {
            trigger: ".o_pr_problem_domain button:contains(沟通)",
            run: "click",
        },
        {
            trigger: ".o_pr_problem_row:contains(沟通)",
        },
        {
            trigger: ".o_pr_intake_phone input",
            run: "click && press Enter",
        },
        {
            content: "The complaint has its number and is registered",
            trigger: ".o_arrow_button_current:contains(已登记)",
        },
        {
            trigger: "button[name=action_acknowledge]",
            run: "click",
        },
        {
            trigger: "button[name=action_investigate].btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(调查中)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(初步评估)",
            run: "click",
        },
        {
            trigger: ".o_notebook button[name=action_assess]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The assessment stopped its clock",
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link:contains(时限)",
            run: "click",
        },
        {
            trigger: "[name=deadline_ids] .o_data_row:contains(初步评估):contains(按时)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(调查)",
            run: "click",
        },
        {
            trigger: ".o_notebook button[name=action_ask_departments]",
            run: "click",
        },
        {
            trigger: ".modal [name=question] textarea",
            run: "edit 请说明会诊经过",
        },
        {
            trigger: ".modal button[name=action_ask]",
            run: "click",
        },
        {
            trigger: "[name=inquiry_ids] .o_data_row:contains(心内科)",
        },
    ],
});

tours.add("patient_journey_answer", {
    steps: () => [
        {
            trigger: ".o_data_row [name=question]:contains(请说明会诊经过)",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=answer] textarea",
            run: "edit 十点到场，未向家属说明用药",
        },
        {
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_readonly_modifier[name=answer]:contains(十点到场)",
        },
    ],
});

tours.add("patient_journey_write", {
    steps: () => [
        {
            trigger: ".o_notebook .nav-link:contains(调查)",
            run: "click",
        },
        {
            content: "The department has answered",
            trigger: "[name=inquiry_ids] button[name=action_accept]",
            run: "click",
        },
        {
            trigger: "[name=inquiry_ids]:not(:has(button[name=action_accept]))",
        },
        {
            trigger: ".o_notebook .nav-link:contains(问题)",
            run: "click",
        },
        {
            trigger: "[name=problem_ids] .o_data_row [name=finding]",
            run: "click",
        },
        {
            trigger: "[name=problem_ids] .o_data_row [name=finding] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(部分属实)",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            trigger: "button[name=action_reply]",
            run: "click",
        },
        {
            content: "The letter is prefilled, but for what only the officer knows",
            trigger: "[name=body] .odoo-editor-editable p:contains(____):contains(查阅)",
            run: "editor 我们调取了出院记录和用药交代单，并向当班人员了解了情况。",
        },
        {
            trigger: "[name=body] .odoo-editor-editable p:contains(____)",
            run: "editor 科室已改用图文用药卡，并由护士在出院时讲解。",
        },
        {
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(待审批)",
        },
    ],
});

tours.add("patient_journey_approve", {
    steps: () => [
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(已批准)",
        },
    ],
});

tours.add("patient_journey_send", {
    steps: () => [
        {
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            trigger: ".modal button.btn-primary",
            run: "click",
        },
        {
            trigger: "button[name=action_correct]",
        },
        {
            trigger: ".o_breadcrumb a:contains(TS20), .o_form_view [name=complaint_id] a",
            run: "click",
        },
        {
            content: "The complaint is answered; the officer closes it",
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(已办结)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(时限)",
            run: "click",
        },
        {
            content: "No clock runs any more",
            trigger:
                "[name=deadline_ids] .o_data_row:contains(办结):contains(按时)",
        },
        {
            trigger: "button[name=action_download_dossier]",
        },
    ],
});
