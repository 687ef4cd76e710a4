"""What codes and programs are called in tables."""

from __future__ import annotations

from collections.abc import Mapping

from convenio.core.program import discover
from convenio.core.words import Message, _
from convenio.programs.framework.model import MODALITIES
from convenio.programs.framework.reading import Sheet
from convenio.programs.framework.shown.words import words_of

OWED: Mapping[str, Message] = {"us": _("United States"), "mx": _("Mexico"), "both": _("both")}
BINDS: Mapping[str, Message] = {**MODALITIES, "principle": _("principle")}
SOFTWARE: Mapping[str, Message] = {
    "does": _("a program does it"),
    "both": _("done and tracked"),
    "tracks": _("tracked only"),
    "absent": _("its program is not here yet"),
}
SOFTWARE_TONES = {"does": "good", "both": "good"}
RESULT_TONES = {"improving": "good", "worse": "bad", "flat": "calm", "unknown": "wait"}
RESULT_WORDS: Mapping[str, Message] = {
    "improving": _("improving"),
    "worse": _("worse"),
    "flat": _("flat"),
    "unknown": _("unknown"),
}


NAMES: Mapping[str, Message] = {
    "exchange": _("The border"),
    "rights": _("Safeguards"),
    "ballistics": _("Ballistics"),
    "cargo": _("Cargo"),
    "cases": _("Joint cases"),
    "cyber": _("Cyber"),
    "early_warning": _("Early warning"),
    "finance": _("Finance"),
    "firearms": _("Firearms"),
    "framework": _("Framework"),
    "homicide": _("Homicide"),
    "integrity": _("Integrity"),
    "missing": _("Missing"),
    "network": _("Network"),
    "precursors": _("Precursors"),
    "trafficking": _("Trafficking"),
}
"""What programs are called, those that are not here yet among them."""


def program_title(name: str) -> Message | str:
    """What a program, or a room of the house that serves commitments, is called."""
    found = discover().get(name)
    return found.title if found is not None else NAMES.get(name, name)


PEOPLE = _("The work is done by people, budgets and laws; software can only follow it.")


def lacking_of(sheet: Sheet) -> Message | str:
    """What software does not do for a commitment today, and why; empty where it does all it could."""
    if not sheet.installed and sheet.commitment.software != "tracks":
        return ""
    if sheet.not_done is not None:
        return words_of(sheet.not_done, "why")
    return PEOPLE if sheet.commitment.software == "tracks" else ""


def software_of(sheet: Sheet) -> str:
    """What software does for a commitment today: of a program that is not here, nothing."""
    kind = sheet.commitment.software
    return kind if kind == "tracks" or sheet.installed else "absent"
