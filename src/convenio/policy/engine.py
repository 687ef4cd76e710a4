"""Decides: an agreement that is in force and the party's own law must both allow, and any error denies."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cedarpy

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.policy.agreement import SignedAgreement
from convenio.policy.ask import ATTRIBUTES, LISTS, PRINCIPAL, WORDS, Ask, Decision, Failure
from convenio.policy.clause import ACTIONS, Clause
from convenio.policy.compile import FAILED, compile_clause, deciding_text
from convenio.policy.national import forbids, law_names, law_of

POLICY = "policy"
PERSON = {"type": "Person", "id": "asker"}
MOST_SETS = 50_000
MOST_PRINCIPALS = 10_000
_CONTEXT = re.compile(r"\bcontext\.(\w+)|\bcontext has (\w+)|\bcontext\[")


@dataclass(frozen=True)
class _Set:
    """A parsed policy set and what each of its policies is called."""

    policies: Any
    names: tuple[str, ...]


@dataclass(frozen=True)
class _Held:
    """An agreement in force, and its clauses by name."""

    signed: SignedAgreement
    digest: str
    clauses: Mapping[str, Clause]


@dataclass(frozen=True)
class _Deciding:
    """What decides about one act under one clause, law included, what it reads, and what comes with what it allows."""

    policies: Any
    reads: tuple[str, ...]
    obligations: Mapping[str, Any]


class Engine:
    """The agreements in force and one party's law.

    What decides about an act under a clause is compiled when it is first asked for, so that a thousand agreements cost
    a node nothing until somebody acts under them. Only what the law and the clause read of a question is handed on, and
    what many questions have in common (who asks for what, for which purpose) is read once for all of them.

    Args:
        agreements: signed agreements whose signatures have been verified; the newest version of each.
        law: the party's own law as Cedar text (`law_of`).
    """

    def __init__(self, agreements: Iterable[SignedAgreement], law: str) -> None:
        self._held: dict[str, _Held] = {}
        for signed in agreements:
            clauses = {each.id: each for each in signed.document.clauses}
            self._held[signed.document.id] = _Held(signed, signed.digest, clauses)
        self._text = law
        self._law_words = law_names(law)
        self._law = _parsed(law, tuple(self._law_words), "law")
        for action in ACTIONS:
            forbids(law, action)
        self._entities = cedarpy.Entities.from_json_str("[]")
        self._deciding: dict[tuple[str, str, str], _Deciding] = {}

    def decide(self, ask: Ask, at: dt.datetime) -> Decision:
        """Whether an act is allowed now, and what comes with it; a denial names everything that failed."""
        held = self._held.get(ask.agreement)
        if held is None:
            return Decision(False, ask.agreement, 0, "", ask.clause, _because("agreement"))
        told = (ask.agreement, held.signed.document.version, held.digest, ask.clause)
        clause = held.clauses.get(ask.clause)
        if clause is None:
            return Decision(False, *told, _because("clause"))
        context = ask.context(at)
        deciding = self._deciding.get((ask.agreement, ask.clause, ask.action))
        if deciding is None and ask.action in clause.actions:
            deciding = self._compiled(held, clause, ask)
        if deciding is not None and self._allows(deciding, ask, context):
            return Decision(True, *told, obligations=dict(deciding.obligations))
        return Decision(False, *told, lambda: self._explained(held, clause, ask, context))

    def _explained(self, held: _Held, clause: Clause, ask: Ask, context: Mapping[str, Any]) -> tuple[Failure, ...]:
        """What failed, of agreement and law; that neither can say is an error, and denied as one."""
        made = compile_clause(held.signed.document, clause)
        explaining = _parsed(made.text, made.names, ask.agreement)
        failures = (
            *self._failures(explaining, ask, context, FAILED, "action"),
            *self._failures(self._law, ask, context, self._law_words, "law"),
        )
        return failures or (Failure("error", FAILED["error"]),)

    def _allows(self, deciding: _Deciding, ask: Ask, context: Mapping[str, Any]) -> bool:
        """Whether agreement and law both allow it, in one evaluation; any error denies."""
        if context.keys() != ATTRIBUTES:
            return False
        try:
            request = {
                "principal": PERSON,
                "action": {"type": "Action", "id": ask.action},
                "resource": {"type": "Clause", "id": ask.clause},
                "context": json.dumps({name: context[name] for name in deciding.reads}),
            }
            who = tuple("/".join([str(context[each]) for each in parts]) for parts in PRINCIPAL.values())
            words = tuple(context[each] for each in WORDS)
            lists = tuple(tuple(sorted(context[each])) for each in LISTS)
            answer = cedarpy.is_authorized(request, deciding.policies, _principal(who, words, lists))
        except (ValueError, TypeError, RuntimeError):
            return False
        return bool(answer.allowed) and not answer.diagnostics.errors

    def _compiled(self, held: _Held, clause: Clause, ask: Ask) -> _Deciding:
        action = next(each for each in clause.actions if each == ask.action)
        text = f"{deciding_text(held.signed.document, clause, action)}\n{forbids(self._text, action)}"
        made = _Deciding(_parsed(text, (), ask.agreement).policies, read_by(text), obligations_of(clause))
        self._deciding[ask.agreement, ask.clause, ask.action] = made
        return made

    def _failures(
        self, policies: _Set, ask: Ask, context: Mapping[str, Any], words: Mapping[str, Message], otherwise: str
    ) -> tuple[Failure, ...]:
        if context.keys() != ATTRIBUTES:
            return (Failure("error", FAILED["error"]),)
        try:
            answer = cedarpy.is_authorized(_request(ask, context), policies.policies, self._entities)
        except (ValueError, TypeError, RuntimeError):
            return (Failure("error", FAILED["error"]),)
        if answer.diagnostics.errors:
            return (Failure("error", FAILED["error"]),)
        if answer.allowed:
            return ()
        named = sorted({policies.names[int(each.removeprefix(POLICY))] for each in answer.diagnostics.reasons})
        failed = tuple(Failure(name, words.get(name, FAILED["law"])) for name in named)
        return failed or (Failure(otherwise, FAILED[otherwise]),)


def obligations_of(clause: Clause) -> dict[str, Any]:
    """What comes with what is given under a clause."""
    return {
        "purpose": clause.purpose,
        "retention_days": clause.retention_days,
        "onward": clause.onward,
        "judicial_use": clause.judicial_use,
        "permitted_action": clause.permitted_action,
        "audience": clause.audience,
        "humanitarian_only": clause.humanitarian_only,
        "approvals": clause.approvals,
        **({"min_group": clause.min_group} if clause.min_group is not None else {}),
    }


def _because(name: str) -> Callable[[], tuple[Failure, ...]]:
    return lambda: (Failure(name, FAILED[name]),)


def read_by(text: str) -> tuple[str, ...]:
    """The attributes of a question that a policy set reads; all of them where that cannot be told from its text."""
    found = {first or second for first, second in _CONTEXT.findall(text)}
    return tuple(sorted(ATTRIBUTES if "" in found or _whole(text) else found & ATTRIBUTES))


def _whole(text: str) -> bool:
    """Whether the context is used otherwise than attribute by attribute."""
    return len(re.findall(r"\bcontext\b", text)) != len(_CONTEXT.findall(text))


@lru_cache(MOST_PRINCIPALS)
def _principal(who: tuple[str, ...], words: tuple[str, ...], lists: tuple[tuple[str, ...], ...]) -> Any:
    """Who asks for what, as Cedar knows it: parsed once for all that the same people ask of the same things.

    Raises:
        TypeError: a word is no text; such a question is denied.
    """
    if not all(isinstance(each, str) for each in (*words, *(word for held in lists for word in held))):
        raise TypeError(words)
    told = dict(zip((*PRINCIPAL, *WORDS, *LISTS), (*who, *words, *lists), strict=True))
    return cedarpy.Entities.from_json_str(json.dumps([{"uid": PERSON, "attrs": told, "parents": []}]))


def forget() -> None:
    """Forget what was read of earlier questions; the next is decided alike, only slower."""
    _principal.cache_clear()


def _request(ask: Ask, context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "principal": {"type": "Person", "id": ask.actor},
        "action": {"type": "Action", "id": ask.action},
        "resource": {"type": "Clause", "id": ask.clause},
        "context": dict(context),
    }


@lru_cache(MOST_SETS)
def _parsed(text: str, names: tuple[str, ...], where: str) -> _Set:
    try:
        return _Set(cedarpy.PolicySet.from_str(text), names)
    except (ValueError, RuntimeError) as error:
        raise InputError(_("this policy set cannot be read: {why}", why=str(error)), where=where) from error


__all__ = ["Engine", "forget", "law_of", "obligations_of", "read_by"]
