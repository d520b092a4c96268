import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/** A number that may be left out: empty stays empty, where Odoo would write 0. */
export class NullableFloatField extends FloatField {
    parse(value) {
        return value.trim() === "" ? false : super.parse(value);
    }

    get formattedValue() {
        return this.value === false ? "" : super.formattedValue;
    }
}

registry.category("fields").add("patient_nullable_float", {
    ...floatField,
    component: NullableFloatField,
});
