"""The words that people read for codes, as templates want them."""

from __future__ import annotations

from collections.abc import Mapping

from convenio.core.words import Message, _
from convenio.programs.framework.formats.tabular.words import CHOICES
from convenio.programs.framework.model import (
    COMPLETIONS,
    CRITERIA,
    LEVELS,
    MODALITIES,
    PUBLICATIONS,
    RATERS,
    RELATIONS,
    Audit,
    Recommendation,
    states_of,
)
from convenio.programs.framework.reading import GOALS, Sheet
from convenio.programs.framework.shown.names import OWED, RESULT_WORDS, SOFTWARE, lacking_of


class Codes:
    """Words by code."""

    goals: Mapping[str, Message] = GOALS
    modalities: Mapping[str, Message] = MODALITIES
    completions: Mapping[str, Message] = COMPLETIONS
    raters: Mapping[str, Message] = RATERS
    levels: Mapping[str, Message] = LEVELS
    publications: Mapping[str, Message] = PUBLICATIONS
    criteria: Mapping[str, Message] = CRITERIA
    relations: Mapping[str, Message] = RELATIONS
    owed: Mapping[str, Message] = OWED
    software: Mapping[str, Message] = SOFTWARE
    results: Mapping[str, Message] = RESULT_WORDS
    instruments: Mapping[str, Message] = {
        "treaty": _("treaty"),
        "memorandum": _("memorandum"),
        "declaration": _("declaration"),
        "plan": _("plan"),
        "agreement": _("agreement"),
    }
    qualities: Mapping[str, Message] = CHOICES["quality"]
    frequencies: Mapping[str, Message] = CHOICES["frequency"]
    sections: Mapping[str, Message] = {
        "Preamble, paragraph 1": _("Preamble, paragraph 1"),
        "Preamble, paragraph 2": _("Preamble, paragraph 2"),
        "Preamble, paragraph 3": _("Preamble, paragraph 3"),
        "Framework section": _("Section on the framework"),
        "To protect our people": _("Section: to protect our people"),
        "To prevent cross-border crime": _("Section: to prevent cross-border crime"),
        "To pursue criminal networks": _("Section: to pursue criminal networks"),
        "Human rights": _("Section on human rights"),
    }
    grades: Mapping[str, Message] = CHOICES["likelihood"]
    marks: Mapping[str, Message] = CHOICES["grade"]
    risks: Mapping[str, Message] = CHOICES["kind"]
    risk_states: Mapping[tuple[str, str], Message] = {
        ("risk", "open"): _("open"),
        ("risk", "happened"): _("it happened"),
        ("risk", "closed"): _("closed"),
        ("assumption", "open"): _("taken to hold"),
        ("assumption", "happened"): _("it did not hold"),
        ("assumption", "closed"): _("closed"),
    }
    actions: Mapping[str, Message] = {
        "planned": _("planned"),
        "active": _("under way"),
        "suspended": _("suspended"),
        "closed": _("closed"),
    }
    forces: Mapping[str, Message] = {
        "in-force": _("in force"),
        "ended": _("ended"),
        "suspended": _("suspended"),
        "not-in-force": _("not in force yet"),
        "unknown": _("whether it is in force is not known here"),
    }

    @staticmethod
    def lacking(sheet: Sheet) -> Message | str:
        """What software does not do for a commitment, and why."""
        return lacking_of(sheet)

    @staticmethod
    def state_of(audit: Audit, recommendation: Recommendation) -> Message | str:
        """Where a recommendation stands, in the auditor's words."""
        return states_of(audit.auditor).get(recommendation.state, recommendation.state)
