"""Names, codes and the order of elements in IATI 2.03."""

from __future__ import annotations

VERSION = "2.03"
NAMESPACE = "urn:convenio:framework:1"
PREFIX = "convenio"
OURS = f"{{{NAMESPACE}}}"
REST = f"{OURS}rest"
PART = f"{OURS}part"
SCORECARD = f"{OURS}scorecard"
DERIVED = f"{OURS}derived"
KEY = f"{OURS}key"
SAME = f"{OURS}same"
JOINED = f"{OURS}joined"
MARKS = (KEY, SAME, JOINED)
"""Marks in what is kept of a file: which element of ours it belongs to. They are in no file that is written."""
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

RESULT_TYPES = {"output": "1", "outcome": "2", "impact": "3"}
STATUSES = {"planned": "1", "active": "2", "closed": "4", "suspended": "6"}
STATES = {"1": "planned", "2": "active", "3": "active", "4": "closed", "5": "closed", "6": "suspended"}
UNIT, PERCENTAGE = "1", "2"
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"

_RESULT_VALUE = ("location", "dimension", "comment", "document-link")
ORDER: dict[str, tuple[str, ...]] = {
    "iati-activity": (
        "iati-identifier",
        "reporting-org",
        "title",
        "description",
        "participating-org",
        "other-identifier",
        "activity-status",
        "activity-date",
        "contact-info",
        "activity-scope",
        "recipient-country",
        "recipient-region",
        "location",
        "sector",
        "tag",
        "country-budget-items",
        "humanitarian-scope",
        "policy-marker",
        "collaboration-type",
        "default-flow-type",
        "default-finance-type",
        "default-aid-type",
        "default-tied-status",
        "budget",
        "planned-disbursement",
        "capital-spend",
        "transaction",
        "document-link",
        "related-activity",
        "legacy-data",
        "conditions",
        "result",
        "crs-add",
        "fss",
    ),
    "result": ("title", "description", "document-link", "reference", "indicator"),
    "indicator": ("title", "description", "document-link", "reference", "baseline", "period"),
    "baseline": ("location", "dimension", "document-link", "comment"),
    "period": ("period-start", "period-end", "target", "actual"),
    "target": _RESULT_VALUE,
    "actual": _RESULT_VALUE,
}
"""The order in which an element's children stand; elements of other namespaces come last."""
ONCE = frozenset(
    {"title", "comment", "period-start", "period-end", "reporting-org", "activity-status", "activity-scope"}
)
"""Elements that stand at most once in their parent, of those that are merged."""
