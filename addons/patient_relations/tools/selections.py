"""Choices of a selection field and their labels, in the language of the reader."""


def get_selection(env, model, name):
    """Return the choices of a field as list of (key, label)."""
    return env[model]._fields[name]._description_selection(env)


def get_label(record, name, key=None):
    """Return the label of a choice, that of the record if no key is given.

    :return: str, empty if nothing is chosen
    """
    labels = dict(get_selection(record.env, record._name, name))
    return labels.get(key or record[name], "")


def get_model_label(env, model):
    """Return what people call the records of a model."""
    return env["ir.model"]._get(model).name
