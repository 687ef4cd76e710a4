"""Why two records are taken for one person, or not: one sentence per piece of evidence, strongest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convenio.core.words import Message, _

WORDS: dict[tuple[str, str], Message] = {
    ("given", "equal"): _("the given name is the same"),
    ("given", "shared"): _("they share one of two given names"),
    ("given", "initial"): _("one given name is the initial of the other"),
    ("given", "alike"): _("the given names are alike"),
    ("given", "different"): _("the given names differ"),
    ("paterno", "equal"): _("the first surname is the same"),
    ("paterno", "turned"): _("the surnames stand in turned order"),
    ("paterno", "alike"): _("the first surnames are alike"),
    ("paterno", "different"): _("the first surnames differ"),
    ("materno", "equal"): _("the second surname is the same"),
    ("materno", "alike"): _("the second surnames are alike"),
    ("materno", "different"): _("the second surnames differ"),
    ("birth_date", "equal, 1 January"): _("the birth date is the same, but 1 January stands for many an unknown day"),
    ("birth_date", "equal"): _("the birth date is the same"),
    ("birth_date", "turned"): _("day and month of birth are exchanged"),
    ("birth_date", "one digit"): _("the birth dates differ in one digit"),
    ("birth_date", "same year"): _("only the year of birth is the same"),
    ("birth_date", "different"): _("the birth dates differ"),
    ("sex", "equal"): _("the sex is the same"),
    ("sex", "different"): _("the sex differs"),
    ("curp", "equal"): _("the CURP is the same; what it holds of name and birth counts once"),
    ("curp", "one character"): _("the CURPs differ in one character"),
    ("curp", "different"): _("the CURPs differ"),
    ("rfc", "equal"): _("the RFC is the same; what it holds of name and birth counts once"),
    ("rfc", "homoclave"): _("the RFCs differ in the homoclave only"),
    ("rfc", "different"): _("the RFCs differ"),
    ("passport", "equal"): _("the passport is the same"),
    ("passport", "different"): _("the passports differ"),
    ("phone", "equal"): _("the telephone is the same"),
    ("phone", "different"): _("the telephones differ"),
    ("address", "equal"): _("the address is the same"),
    ("address", "different"): _("the addresses differ"),
}

WORTH_SAYING = 0.3
"""Evidence below this weight (log2 of the likelihood ratio) is not told."""


KIN_WORTH_SAYING = -3.5
"""From here on relatives are told of as another explanation (log2 of relatives against one person)."""


def reasons(pair: Mapping[str, Any]) -> list[Message]:
    """The reasons of a pair (a row of `linking.PAIRS`), the weightiest first, each with its likelihood ratio."""
    told = [
        (abs(pair[f"weight_{name}"]), name, level)
        for name in dict.fromkeys(name for name, _level in WORDS)
        if (level := pair[f"level_{name}"]) is not None and abs(pair[f"weight_{name}"]) >= WORTH_SAYING
    ]
    said = [_said(WORDS[name, level], pair[f"weight_{name}"]) for _w, name, level in sorted(told, reverse=True)]
    if pair["kin"] > KIN_WORTH_SAYING:
        said.append(_("relatives agree and differ in this way too"))
    return said


def _said(what: Message, weight: float) -> Message:
    times = _times(abs(weight))
    if weight > 0:
        return _("{what} ({times} times likelier of one person)", what=what, times=times)
    return _("{what} ({times} times likelier of two)", what=what, times=times)


def _times(weight: float) -> str:
    ratio = 2.0 ** min(weight, 60.0)
    if ratio < 10:
        return f"{ratio:.1f}"
    return f"{round(ratio, 1 - len(str(int(ratio)))):,.0f}" if ratio < 1e6 else f"10^{len(str(int(ratio))) - 1}"
