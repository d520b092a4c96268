"""FHIR OperationOutcome: how this server says what is wrong, and where."""

from dataclasses import dataclass


@dataclass(slots=True)
class Issue:
    """One finding about a request.

    :param str code: value of FHIR's IssueType, e.g. ``structure``, ``duplicate``
    :param text: a sentence, plain or lazily translated
    :param str path: FHIRPath of the place, e.g. ``Bundle.entry[2].resource.birthDate``
    """

    code: str
    text: object
    path: str = ""
    severity: str = "error"


class Problem(Exception):
    """A refusal: an HTTP status and the issues that explain it."""

    def __init__(self, status, issues):
        super().__init__(status)
        self.status = status
        self.issues = issues
        self.of_the_rest = False

    @classmethod
    def of(cls, status, code, text, path=""):
        return cls(status, [Issue(code, text, path)])

    def __str__(self):
        return "; ".join(f"{issue.path} {issue.code}" for issue in self.issues)


def operation_outcome(issues, translate=str):
    """Return the resource (dict) that lists issues; ``translate`` makes a text a string."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [_issue_json(issue, translate) for issue in issues],
    }


def _issue_json(issue, translate):
    found = {
        "severity": issue.severity,
        "code": issue.code,
        "diagnostics": translate(issue.text),
    }
    if issue.path:
        found["expression"] = [issue.path]
    return found
