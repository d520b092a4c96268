import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

const ROW = ".o_data_row:contains(心血管内科)";
const BUNDLE = {
    resourceType: "Bundle",
    type: "transaction",
    meta: { source: "https://his.example.org" },
    entry: [
        {
            resource: { resourceType: "Patient", id: "tour", name: [{ text: "韩梅梅" }] },
            request: { method: "POST", url: "Patient" },
        },
        {
            resource: {
                resourceType: "Encounter",
                id: "tour",
                status: "finished",
                class: { code: "AMB" },
                subject: { reference: "Patient/tour" },
                period: { start: "2026-03-09T08:30:00+08:00" },
                serviceProvider: { display: "心血管内科" },
            },
            request: { method: "POST", url: "Encounter" },
        },
        {
            resource: { resourceType: "Claim", id: "tour" },
            request: { method: "POST", url: "Claim" },
        },
    ],
};

/** Imports a file, follows the run, maps the department that came with it. */
registry.category("web_tour.tours").add("patient_fhir_tour", {
    url: "/odoo/fhir-imports",
    steps: () => [
        {
            content: "Open the wizard",
            trigger: ".o_control_panel button:contains(Import Files)",
            run: "click",
        },
        {
            content: "Hand in a file",
            trigger: ".modal .o_field_many2many_binary .o_attach",
            async run() {
                const file = new File([JSON.stringify(BUNDLE)], "tour.json", {
                    type: "application/json",
                });
                await inputFiles(".modal .o_field_many2many_binary .o_input_file", [file]);
            },
        },
        {
            content: "It is in the list",
            trigger: ".modal .o_attachment:contains(tour.json)",
        },
        {
            content: "Start",
            trigger: ".modal button[name=action_import]",
            run: "click",
        },
        {
            content: "The run is shown",
            trigger: ".o_form_view h1:contains(tour.json)",
        },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
        {
            content: "What was kept is counted",
            trigger: ".o_field_widget[name=count_ids] .o_data_row:contains(Encounter)",
        },
        {
            content: "What was ignored as well",
            trigger: ".o_field_widget[name=count_ids] .o_data_row:contains(Claim)",
        },
        {
            content: "Open the configuration",
            trigger:
                "[data-menu-xmlid='patient_relations.patient_relations_menu_configuration']",
            run: "click",
        },
        {
            content: "Departments of other systems",
            trigger: "[data-menu-xmlid='patient_fhir.patient_fhir_department_menu']",
            run: "click",
        },
        {
            content: "The department waits to be mapped",
            trigger: `${ROW} .o_data_cell[name=department_id]`,
            run: "click",
        },
        {
            content: "Name ours",
            trigger: ".o_selected_row .o_field_widget[name=department_id] input",
            run: "edit 心内科",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(心内科)",
            run: "click",
        },
        {
            content: "Save the row",
            trigger: ".o_list_button_save:not(:disabled)",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_list_renderer:not(:has(.o_selected_row))",
        },
        {
            content: "Open its visits",
            trigger: `${ROW} button[name=action_open_encounters]`,
            run: "click",
        },
        {
            content: "They have the department",
            trigger: ".breadcrumb-item:contains(Departments of Other Systems)",
        },
        {
            trigger: ".o_data_row:contains(韩梅梅):contains(心内科)",
        },
    ],
});

/** Maps a department on a telephone. */
registry.category("web_tour.tours").add("patient_fhir_phone_tour", {
    url: "/odoo/fhir-departments",
    steps: () => [
        {
            content: "The department waits to be mapped",
            trigger: ".o_kanban_record:contains(心血管内科):contains(To map)",
            run: "click",
        },
        {
            content: "Name ours",
            trigger: ".o_form_view .o_field_widget[name=department_id] input",
            run: "click",
        },
        {
            content: "Choose",
            trigger: ".modal .o_kanban_record:contains(心内科)",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)",
        },
    ],
});
