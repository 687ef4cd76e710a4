"""From an agreement to Cedar, twice from the same conditions: one set that decides, one that explains a denial.

The set that decides has one permit per clause, whose condition is everything the clause asks for. The set that explains
has a forbid of its own for each condition: Cedar denies when any forbid holds and says which ones, so a denial names
everything that failed at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from convenio.core.words import Message, _
from convenio.policy.agreement import Agreement
from convenio.policy.clause import Clause, after, instant


@dataclass(frozen=True)
class Compiled:
    """A clause as Cedar text, and the name of each policy in its order."""

    text: str
    names: tuple[str, ...]


FAILED: dict[str, Message] = {
    "action": _("the clause does not permit this act"),
    "purpose": _("the clause serves another purpose"),
    "role": _("a person in this role may not ask under this clause"),
    "agency": _("this agency may not ask under this clause"),
    "party": _("this party may not ask under this clause"),
    "self": _("a party does not ask itself"),
    "subject_role": _("the clause is not about people in this role"),
    "categories": _("the clause does not cover these categories of data"),
    "fields": _("the clause does not permit these fields"),
    "case": _("the clause needs a case reference"),
    "match_key": _("the clause does not permit this kind of match key"),
    "keys_in_run": _("there are more match keys in this run than the clause permits"),
    "keys_today": _("today's budget of match keys is used up"),
    "requests_today": _("today's budget of requests is used up"),
    "subjects": _("there are more people in this request than the clause permits"),
    "group": _("a group is smaller than the clause permits"),
    "from": _("the clause is not yet in force"),
    "until": _("the clause is no longer in force"),
    "clause": _("the agreement has no such clause"),
    "agreement": _("no such agreement is in force"),
    "law": _("the law of this party does not permit it"),
    "error": _("the request could not be evaluated, and what cannot be evaluated is denied"),
}


def deciding_text(agreement: Agreement) -> str:
    """The policies that decide: one permit per clause."""
    parts = []
    for clause in agreement.clauses:
        actions = ", ".join(f"Action::{_text(each)}" for each in clause.actions)
        together = " && ".join(f"({condition})" for _name, condition in _conditions(agreement, clause))
        scope = f"principal, action in [{actions}], resource == Clause::{_text(clause.id)}"
        parts.append(f"permit({scope}) when {{ {together} }};")
    return "\n".join(parts)


def compile_clause(agreement: Agreement, clause: Clause) -> Compiled:
    """The policies that explain a denial under a clause, each with its name."""
    scope = f"resource == Clause::{_text(clause.id)}"
    actions = ", ".join(f"Action::{_text(each)}" for each in clause.actions)
    parts, names = [f"permit(principal, action in [{actions}], {scope});"], ["permit"]
    for name, condition in _conditions(agreement, clause):
        parts.append(f"forbid(principal, action, {scope}) unless {{ {condition} }};")
        names.append(name)
    return Compiled("\n".join(parts), tuple(names))


def _conditions(agreement: Agreement, clause: Clause) -> Iterator[tuple[str, str]]:
    parties = clause.for_parties or tuple(each.id for each in agreement.parties)
    known = tuple(each.id for each in agreement.parties)
    yield "purpose", f"context.purpose == {_text(clause.purpose)}"
    yield "role", f"{_set(clause.askers.roles)}.contains(context.role)"
    yield "agency", _agencies(agreement, clause)
    yield "party", f"{_set(parties)}.contains(context.asking_party) && {_set(known)}.contains(context.answering_party)"
    yield "self", "context.asking_party != context.answering_party"
    yield "subject_role", f"{_set(clause.subject_roles)}.contains(context.subject_role)"
    yield "categories", f"{_set(clause.categories)}.containsAll(context.categories)"
    yield "fields", f"{_set(clause.fields)}.containsAll(context.fields)"
    if clause.case_required:
        yield "case", 'context.case != ""'
    yield from _bounds(clause)
    first = max(
        instant(agreement.valid_from),
        instant(clause.valid_from) if clause.valid_from else instant(agreement.valid_from),
    )
    last = min(
        after(agreement.valid_until), after(clause.valid_until) if clause.valid_until else after(agreement.valid_until)
    )
    yield "from", f"context.at >= {int(first.timestamp())}"
    yield "until", f"context.at < {int(last.timestamp())}"


def _bounds(clause: Clause) -> Iterator[tuple[str, str]]:
    budgets = clause.budgets
    if "match" in clause.actions:
        kinds = _set(clause.match_keys)
        yield "match_key", f'action != Action::"match" || {kinds}.contains(context.match_key)'
        yield (
            "keys_in_run",
            f'action != Action::"match" || (context.keys_in_run > 0 && context.keys_in_run <= {budgets.keys_per_run})',
        )
        yield "keys_today", f'action != Action::"match" || context.keys_today <= {budgets.keys_per_day}'
    if budgets.requests_per_day is not None:
        yield "requests_today", f'action != Action::"request" || context.requests_today <= {budgets.requests_per_day}'
    if budgets.subjects_per_request is not None:
        yield "subjects", f"context.subjects <= {budgets.subjects_per_request}"
    if clause.min_group is not None:
        yield "group", f'action != Action::"aggregate" || context.group >= {clause.min_group}'


def _agencies(agreement: Agreement, clause: Clause) -> str:
    """That the asker's agency is one of its own party's, since two parties may use one short name."""
    each_party = []
    for party in agreement.parties:
        own = [agency for agency in party.agencies if agency in clause.askers.agencies]
        each_party.append(f"(context.asking_party == {_text(party.id)} && {_set(own)}.contains(context.agency))")
    return " || ".join(each_party)


def _text(value: str) -> str:
    return json.dumps(value)


def _set(values: Iterable[str]) -> str:
    return "[" + ", ".join(_text(each) for each in values) + "]"
