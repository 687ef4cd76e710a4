"""The forms of the acts."""

from __future__ import annotations

from convenio.core.words import _
from convenio.programs.framework.model import COMPLETIONS, PUBLICATIONS, RATERS
from convenio.web.forms import Field, Form

__all__ = ["RATERS", "amendment", "completion", "observation", "rating"]

SEEN_BY = Field(
    "publication",
    _("Who may see it"),
    "select",
    hint=_("Internal: this side alone. Both parties. Public: everyone."),
    required=True,
    choices=list(PUBLICATIONS.items()),
)


def rating(rater: str, version: int = 1) -> Form:
    """A judgement; a reviewer says why it is independent, and which comment period it gave."""
    fields = [
        Field("version", _("version"), "hidden"),
        Field("completion", _("How far the action is"), "select", required=True, choices=list(COMPLETIONS.items())),
        Field(
            "evidence",
            _("What it rests on"),
            "textarea",
            hint=_(
                "One a line: an indicator, step, document, evaluation or audit by its name, or words that end in a day."
            ),
            longest=4_000,
        ),
        Field(
            "result",
            _("What came of it"),
            "textarea",
            hint=_(
                "Only where an outcome indicator has a baseline older than the action; contribution, never attribution."
            ),
            longest=4_000,
        ),
    ]
    if rater == "reviewer":
        fields += [
            Field("independence", _("Why you are independent"), "textarea", longest=2_000),
            Field("comments_from", _("Comments were taken from"), "date"),
            Field("comments_to", _("Comments were taken until"), "date"),
        ]
    return Form([*fields, SEEN_BY], values={"version": str(version), "publication": "internal"})


def observation() -> Form:
    """A value."""
    return Form(
        [
            Field("on", _("The day it is of"), "date", required=True),
            Field("value", _("Value"), "number", required=True, longest=40),
            Field(
                "low",
                _("Lower end"),
                "number",
                hint=_("Of its interval; without one no result follows."),
                longest=40,
            ),
            Field("high", _("Upper end"), "number", longest=40),
            Field("source", _("Where it comes from"), required=True, longest=2_000),
            Field(
                "version",
                _("Version"),
                "number",
                hint=_("1; for a correction of the same day the next number."),
                longest=6,
            ),
            Field("said", _("Remark"), "textarea", hint=_("For a correction: why."), longest=2_000),
            SEEN_BY,
        ],
        values={"version": "1", "publication": "internal"},
    )


def amendment(seen: int = 0) -> Form:
    """A move of a step."""
    return Form(
        [
            Field("seen", _("version"), "hidden"),
            Field("due", _("Its new day"), "date", required=True),
            Field("reason", _("Why"), "textarea", required=True, longest=2_000),
        ],
        values={"seen": str(seen)},
    )


def completion() -> Form:
    """That a step is done."""
    return Form(
        [
            Field("on", _("The day it was done"), "date", required=True),
            Field("evidence", _("What shows it"), "textarea", hint=_("One a line."), longest=4_000),
        ]
    )
