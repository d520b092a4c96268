import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/** A number as people write it: left out where it is unknown, without idle zeros. */
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
    extractProps: (...args) => ({
        ...floatField.extractProps(...args),
        trailingZeros: false,
    }),
});
