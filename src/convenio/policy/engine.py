"""Decides: an agreement that is in force and the party's own law must both allow, and any error denies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cedarpy

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.policy.agreement import SignedAgreement
from convenio.policy.ask import ATTRIBUTES, Ask, Decision, Failure
from convenio.policy.clause import Clause
from convenio.policy.compile import FAILED, compile_clause, deciding_text

LAW = Path(__file__).with_name("law")
POLICY = "policy"
_WHY = "// why: "


ANYTHING = "permit(principal, action, resource);"


@dataclass(frozen=True)
class _Set:
    """A parsed policy set and what each of its policies is called."""

    policies: Any
    names: tuple[str, ...]


@dataclass(frozen=True)
class _Held:
    """An agreement in force, and what decides together with the law."""

    signed: SignedAgreement
    digest: str
    deciding: _Set
    clauses: Mapping[str, Clause]


class Engine:
    """The agreements in force and one party's law.

    Args:
        agreements: signed agreements whose signatures have been verified; the newest version of each.
        law: the party's own law as Cedar text (`law_of`).
    """

    def __init__(self, agreements: Iterable[SignedAgreement], law: str) -> None:
        self._held: dict[str, _Held] = {}
        forbids = _forbids_alone(law)
        for signed in agreements:
            name = signed.document.id
            deciding = _parsed(f"{deciding_text(signed.document)}\n{forbids}", (), name)
            clauses = {each.id: each for each in signed.document.clauses}
            self._held[name] = _Held(signed, signed.digest, deciding, clauses)
        self._law_words = _law_names(law)
        self._law = _parsed(law, tuple(self._law_words), "law")
        self._entities = cedarpy.Entities.from_json_str("[]")

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
        if self._allows(held.deciding, ask, context):
            return Decision(True, *told, obligations=obligations_of(clause))
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

    def _allows(self, policies: _Set, ask: Ask, context: Mapping[str, Any]) -> bool:
        """Whether agreement and law both allow it, in one evaluation; any error denies."""
        if set(context) != ATTRIBUTES:
            return False
        try:
            answer = cedarpy.is_authorized(_request(ask, context), policies.policies, self._entities)
        except (ValueError, TypeError, RuntimeError):
            return False
        return bool(answer.allowed) and not answer.diagnostics.errors

    def _failures(
        self, policies: _Set, ask: Ask, context: Mapping[str, Any], words: Mapping[str, Message], otherwise: str
    ) -> tuple[Failure, ...]:
        if set(context) != ATTRIBUTES:
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


def law_of(party: str) -> str:
    """The Cedar text of a party's own law, as this package ships it.

    Raises:
        InputError: none is shipped for the party.
    """
    path = LAW / f"{party}.cedar"
    if not path.exists():
        raise InputError(
            _("no law of {party} is known here", party=party),
            advice=_("a node of another party needs its own law set in policy/law"),
        )
    return path.read_text(encoding="utf-8")


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


def _request(ask: Ask, context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "principal": f'Person::"{_name(ask.actor)}"',
        "action": f'Action::"{_name(ask.action)}"',
        "resource": f'Clause::"{_name(ask.clause)}"',
        "context": dict(context),
    }


def _name(value: str) -> str:
    """A name as it may stand in a Cedar entity; one that could end the quotation is no name that anybody has."""
    return value if value.isascii() and value.replace("-", "").replace(".", "").replace("_", "").isalnum() else "?"


@cache
def _parsed(text: str, names: tuple[str, ...], where: str) -> _Set:
    try:
        return _Set(cedarpy.PolicySet.from_str(text), names)
    except (ValueError, RuntimeError) as error:
        raise InputError(_("this policy set cannot be read: {why}", why=str(error)), where=where) from error


def _forbids_alone(law: str) -> str:
    """A law's forbids. It permits what an agreement permits, by one permit without a condition, and forbids the rest.

    Raises:
        InputError: it has another permit, which could not be joined with an agreement's.
    """
    bare = "\n".join(line for line in law.splitlines() if not line.lstrip().startswith("//"))
    if bare.count("permit(") != 1 or ANYTHING not in bare:
        raise InputError(
            _("a law set has exactly one permit, without a condition, and forbids"),
            where="law",
            advice=_("write what the law does not allow as forbid(…) when {…}"),
        )
    return bare.replace(ANYTHING, "")


def _law_names(law: str) -> dict[str, Message]:
    """The policies of a law set in their order, each with the words of the comment above it."""
    from convenio.policy.law import WORDS

    names = [line.removeprefix(_WHY).strip() for line in law.splitlines() if line.startswith(_WHY)]
    return {name: WORDS.get(name, FAILED["law"]) for name in names}
