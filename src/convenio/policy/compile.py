"""From an agreement to Cedar, twice from the same conditions: sets that decide, and one that explains a denial.

For each act under each clause a set of its own decides: one permit, whose condition is everything the clause asks for.
The set that explains has a forbid of its own for each condition: Cedar denies when any forbid holds and says which
ones, so a denial names everything that failed at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from convenio.core.words import Message, _
from convenio.policy.agreement import Agreement
from convenio.policy.clause import Action, Clause, after, instant


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


def deciding_text(agreement: Agreement, clause: Clause, action: Action) -> str:
    """The policy that decides about one act under one clause: a permit whose condition is all that the clause asks."""
    conditions = (each.text for each in _deciding(agreement, clause) if each.only in {None, action})
    together = " && ".join(f"({each})" for each in conditions)
    scope = f"principal, action == Action::{_text(action)}, resource == Clause::{_text(clause.id)}"
    return f"permit({scope}) when {{ {together} }};"


def compile_clause(agreement: Agreement, clause: Clause) -> Compiled:
    """The policies that explain a denial under a clause, each with its name."""
    scope = f"resource == Clause::{_text(clause.id)}"
    actions = ", ".join(f"Action::{_text(each)}" for each in clause.actions)
    parts, names = [f"permit(principal, action in [{actions}], {scope});"], ["permit"]
    for each in _conditions(agreement, clause):
        acts = "action" if each.only is None else f"action == Action::{_text(each.only)}"
        parts.append(f"forbid(principal, {acts}, {scope}) unless {{ {each.text} }};")
        names.append(each.name)
    return Compiled("\n".join(parts), tuple(names))


@dataclass(frozen=True)
class _Condition:
    """One thing a clause asks for: what it is called, as Cedar, and the one act it is about, if it is about one."""

    name: str
    text: str
    only: Action | None = None


def _deciding(agreement: Agreement, clause: Clause) -> Iterator[_Condition]:
    """The same conditions, with what is known of the one who asks as its own (see `ask.PRINCIPAL` and `ask.SHAPE`)."""
    pairs = [f"{asks}/{each}" for asks in _parties(agreement, clause) for each in _known(agreement) if each != asks]
    people = [
        f"{party.id}/{agency}/{role}"
        for party in agreement.parties
        for agency in party.agencies
        if agency in clause.askers.agencies
        for role in clause.askers.roles
    ]
    yield _Condition("between", _among(pairs, "principal.between"))
    yield _Condition("who", _among(people, "principal.who"))
    others = _conditions(agreement, clause, shape="principal")
    yield from (each for each in others if each.name not in {"role", "agency", "party", "self"})


def _parties(agreement: Agreement, clause: Clause) -> tuple[str, ...]:
    """The parties that may ask under a clause."""
    known = _known(agreement)
    return tuple(each for each in clause.for_parties or known if each in known)


def _known(agreement: Agreement) -> tuple[str, ...]:
    return tuple(each.id for each in agreement.parties)


def _among(values: Sequence[str], name: str) -> str:
    """That an attribute is one of several words; none is none of them."""
    if len(values) == 1:
        return f"{name} == {_text(values[0])}"
    return f"{_set(values)}.contains({name})" if values else "false"


def _conditions(agreement: Agreement, clause: Clause, *, shape: str = "context") -> Iterator[_Condition]:
    """All that a clause asks for; `shape` is the variable of Cedar that bears what many questions have in common."""
    parties, known = clause.for_parties or _known(agreement), _known(agreement)
    between = f"{_set(parties)}.contains(context.asking_party) && {_set(known)}.contains(context.answering_party)"
    yield _Condition("purpose", f"{shape}.purpose == {_text(clause.purpose)}")
    yield _Condition("role", _among(clause.askers.roles, "context.role"))
    yield _Condition("agency", _agencies(agreement, clause))
    yield _Condition("party", between)
    yield _Condition("self", "context.asking_party != context.answering_party")
    yield _Condition("subject_role", _among(clause.subject_roles, f"{shape}.subject_role"))
    yield _Condition("categories", f"{_set(clause.categories)}.containsAll({shape}.categories)")
    yield _Condition("fields", f"{_set(clause.fields)}.containsAll({shape}.fields)")
    if clause.case_required:
        yield _Condition("case", 'context.case != ""')
    yield from _bounds(clause, shape)
    first = max(
        instant(agreement.valid_from),
        instant(clause.valid_from) if clause.valid_from else instant(agreement.valid_from),
    )
    last = min(
        after(agreement.valid_until), after(clause.valid_until) if clause.valid_until else after(agreement.valid_until)
    )
    yield _Condition("from", f"context.at >= {int(first.timestamp())}")
    yield _Condition("until", f"context.at < {int(last.timestamp())}")


def _bounds(clause: Clause, shape: str) -> Iterator[_Condition]:
    budgets = clause.budgets
    if "match" in clause.actions:
        run = f"context.keys_in_run > 0 && context.keys_in_run <= {budgets.keys_per_run}"
        yield _Condition("match_key", _among(clause.match_keys, f"{shape}.match_key"), "match")
        yield _Condition("keys_in_run", run, "match")
        yield _Condition("keys_today", f"context.keys_today <= {budgets.keys_per_day}", "match")
    if budgets.requests_per_day is not None:
        yield _Condition("requests_today", f"context.requests_today <= {budgets.requests_per_day}", "request")
    if budgets.subjects_per_request is not None:
        yield _Condition("subjects", f"context.subjects <= {budgets.subjects_per_request}")
    if clause.min_group is not None:
        yield _Condition("group", f"context.group >= {clause.min_group}", "aggregate")


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
