"""A clause in plain words, from its machine part, so that what people read is what the machine enforces."""

from __future__ import annotations

from convenio.core.words import Message, _, _n
from convenio.policy.agreement import Agreement
from convenio.policy.clause import Clause, Words

ACTIONS: dict[str, Message] = {
    "match": _("ask blindly whether the other side knows somebody"),
    "request": _("request what a hit stands for"),
    "release": _("be given it, once officers have approved"),
    "aggregate": _("exchange counts and sums"),
}
JUDICIAL: dict[str, Message] = {
    "forbidden": _("It is not used in court."),
    "permission": _("It goes to court only with the originator's signed permission."),
    "allowed": _("It may go to court."),
}
ONWARD: dict[str, Message] = {
    "none": _("It is not passed on, to no other party and no other agency."),
    "consent": _("It is passed on only with the originator's signed consent."),
}


class _Given(Message):
    """Words that were agreed in both languages."""

    def __init__(self, words: Words) -> None:
        super().__init__("{words}", {"words": words})

    def in_language(self, to: object) -> str:
        """The agreed words in one language."""
        return str(self.values["words"].read("es" if to == "es" else "en"))


class _List(Message):
    """Several messages as one list."""

    def __init__(self, parts: list[Message]) -> None:
        super().__init__("{parts}", {"parts": parts})

    def in_language(self, to: object) -> str:
        """The list in one language."""
        return ", ".join(each.in_language("es" if to == "es" else "en") for each in self.values["parts"])


def in_words(agreement: Agreement, clause: Clause) -> list[Message]:
    """What a clause permits and what comes with it, one sentence each."""
    names = {party.id: party.name for party in agreement.parties}
    agencies = {agency: words for party in agreement.parties for agency, words in party.agencies.items()}
    who = _List([_Given(agencies[each]) for each in clause.askers.agencies if each in agencies])
    parties = _List([_Given(names[each]) for each in clause.for_parties or tuple(names)])
    budgets = clause.budgets
    said = [
        _("May: {actions}.", actions=_List([ACTIONS[each] for each in clause.actions])),
        _("Purpose: {purpose}, and nothing else.", purpose=clause.purpose),
        _("Who may ask: {agencies}, for {parties}.", agencies=who, parties=parties),
        _("About: {categories}.", categories=", ".join(clause.categories)),
        _("Fields: {fields}.", fields=", ".join(clause.fields)),
        ONWARD[clause.onward],
        JUDICIAL[clause.judicial_use],
        _n("It is gone after one day.", "It is gone after {number} days.", clause.retention_days),
    ]
    if clause.level == "person":
        said.append(_("{number} officers approve each release, each by a key of their own.", number=clause.approvals))
    if clause.standing:
        said.append(_("They may approve a standing order once, for every finding of its kind until it ends."))
    if clause.onward == "consent" and clause.onward_approvals > 1:
        said.append(_("{number} officers sign each consent to passing it on.", number=clause.onward_approvals))
    if clause.superseded == "block":
        said.append(_("A version that was corrected is kept, blocked, until its term."))
    if clause.humanitarian_only:
        said.append(_("It serves people alone, and is never used to act against anyone."))
    if clause.case_required:
        said.append(_("Every question names its case."))
    if clause.min_group is not None:
        said.append(_("No group smaller than {number} is shown.", number=clause.min_group))
    if budgets.keys_per_run is not None:
        said.append(
            _(
                "At most {run} match keys at once and {day} a day.",
                run=f"{budgets.keys_per_run:,}",
                day=f"{budgets.keys_per_day or 0:,}",
            )
        )
    if budgets.requests_per_day is not None:
        said.append(_("At most {number} requests a day.", number=f"{budgets.requests_per_day:,}"))
    if budgets.subjects_per_request is not None:
        said.append(_("At most {number} people in a request.", number=budgets.subjects_per_request))
    return said
