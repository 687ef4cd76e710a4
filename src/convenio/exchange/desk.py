"""The desk: every question is decided by agreement and law, and leaves a receipt, denials first."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from convenio.core.errors import Refused
from convenio.core.marking import Marking
from convenio.core.words import Message, _
from convenio.custody.receipts import Receipts
from convenio.exchange.agreements import Agreements
from convenio.ledger.intents import remember
from convenio.people.accounts import Person
from convenio.policy.agreement import SignedAgreement
from convenio.policy.ask import Ask
from convenio.policy.clause import Clause
from convenio.policy.conditions import Conditions, loosened
from convenio.policy.engine import Engine, law_of
from convenio.stores.operational import Store

if TYPE_CHECKING:
    from convenio.exchange.answering import Statement

MOST_ENGINES = 10_000


@dataclass(frozen=True)
class Question(Ask):
    """What is asked of policy, and the run, request or release it is about."""

    subject: str = ""

    @classmethod
    def of_statement(cls, said: Statement, categories: tuple[str, ...], keys_today: int) -> Question:
        """The question that a match's statement puts."""
        return cls(
            action="match",
            agreement=said.agreement,
            clause=said.clause,
            purpose=said.purpose,
            actor=said.person,
            role=said.role,
            agency=said.agency,
            asking_party=said.asker,
            answering_party=said.answerer,
            subject_role=said.subject_role,
            case=said.case,
            categories=categories,
            match_key=said.kind,
            keys_in_run=said.keys,
            keys_today=keys_today,
            subject=said.run,
        )

    @classmethod
    def from_told(cls, told: Mapping[str, Any], *, asking: str, answering: str) -> Question:
        """A request's question as a peer tells it; who asks and who answers is what the envelope proved."""
        text = {name: str(told[name])[:200] for name in _TOLD}
        return cls(
            action="request",
            asking_party=asking,
            answering_party=answering,
            categories=tuple(str(each)[:64] for each in told["categories"]),
            fields=tuple(str(each)[:64] for each in told["fields"]),
            agreement=text["agreement"],
            clause=text["clause"],
            purpose=text["purpose"],
            actor=text["actor"],
            role=text["role"],
            agency=text["agency"],
            subject_role=text["subject_role"],
            case=text["case"],
        )

    def told(self) -> dict[str, Any]:
        """The question as a peer is told it."""
        return {name: getattr(self, name) for name in _TOLD} | {
            "categories": list(self.categories),
            "fields": list(self.fields),
        }

    def with_counts(self, *, subjects: int, requests_today: int, subject: str) -> Question:
        """The question with this node's own counts, which no peer tells."""
        return replace(self, subjects=subjects, requests_today=requests_today, subject=subject)


_TOLD = ("agreement", "clause", "purpose", "actor", "role", "agency", "subject_role", "case")


@dataclass(frozen=True)
class Decided:
    """A decision with its receipt.

    Args:
        allowed: what was decided.
        receipt: the receipt's number.
        reasons: what failed, in both languages.
        obligations: what comes with what is given.
        agreement_digest: the version that was in force.
    """

    allowed: bool
    receipt: str
    reasons: Mapping[str, str]
    obligations: Mapping[str, Any]
    agreement_digest: str


class Desk:
    """Where one node's questions are decided.

    Args:
        store: the operational store.
        agreements: what both have signed.
        receipts: keeps receipts.
        party: this node's party, whose law counts.
        now: the clock.
    """

    def __init__(
        self, store: Store, agreements: Agreements, receipts: Receipts, party: str, now: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._agreements = agreements
        self._receipts = receipts
        self._party = party
        self._now = now
        self._law = law_of(party)
        self._lock = threading.Lock()
        self._engines: dict[str, Engine] = {}

    def clause(self, agreement: str, clause: str) -> tuple[SignedAgreement, Clause]:
        """A clause that is in force (see `Agreements.clause`)."""
        return self._agreements.clause(agreement, clause)

    def acting_role(self, actor: Person, clause: Clause) -> str:
        """The role in which a person acts under a clause: one that it admits, else the first the person has."""
        fitting = [each for each in clause.askers.roles if each in actor.roles]
        return next(iter(fitting or sorted(actor.roles)), "-")

    def decide(self, question: Question, *, log: str, session: Session | None = None) -> Decided:
        """Decide, and keep the receipt; a denial is also an entry of the ledger.

        Args:
            question: what is asked.
            log: the ledger that a denial goes to.
            session: the transaction of the act, where there is one already.
        """
        made = self._current(question.agreement).decide(question, self._now())
        failed = [each.words for each in made.failures]
        with self._store.transaction() if session is None else nullcontext(session) as open_session:
            receipt = self._receipts.keep(
                open_session,
                allowed=made.allowed,
                act=question.action,
                actor=question.actor,
                agency=question.agency,
                agreement=question.agreement,
                agreement_digest=made.digest,
                clause=question.clause,
                subject=question.subject,
                reasons=failed,
                asked=_plain(question),
            )
            if not made.allowed:
                remember(
                    open_session,
                    log,
                    "refused",
                    at=self._now(),
                    actor=question.actor,
                    subject=question.subject,
                    content={"asked": _plain(question), "reasons": made.reasons()},
                    receipt=receipt,
                    act=question.action,
                    clause=question.clause,
                    failed=[each.name for each in made.failures],
                )
        return Decided(made.allowed, receipt, made.reasons(), made.obligations, made.digest)

    def require(self, question: Question, *, log: str) -> Decided:
        """Decide, in a transaction of its own.

        Raises:
            Refused: it is denied; the error names what failed, and the receipt.
        """
        decided = self.decide(question, log=log)
        if not decided.allowed:
            raise Refused(
                Both(decided.reasons),
                where=_("clause {clause}", clause=question.clause),
                advice=_("receipt {receipt}", receipt=decided.receipt),
                kept=_("nothing was sent"),
            )
        return decided

    def conditions(
        self,
        decided: Decided,
        *,
        release: str,
        originator: str,
        recipient: str,
        agency: str,
        agreement: str,
        clause: str,
        case: str,
        at: dt.datetime,
        until: dt.datetime | None,
    ) -> dict[str, Any]:
        """The conditions that travel with a release: the clause's, or a shorter time where that was asked."""
        held = decided.obligations
        ends = at + dt.timedelta(days=held["retention_days"])
        ends = min(ends, until) if until is not None else ends
        made = Conditions(
            release=release,
            originator=originator,
            recipient=recipient,
            agency=agency,
            agreement=agreement,
            agreement_digest=decided.agreement_digest,
            clause=clause,
            purpose=held["purpose"],
            case=case,
            permitted_action=held["permitted_action"],
            judicial_use=held["judicial_use"],
            onward=held["onward"],
            humanitarian_only=held["humanitarian_only"],
            released_at=at,
            expires_at=ends,
            marking=Marking(
                audience=held["audience"],
                recipients=frozenset({f"{recipient}:{agency}"}),
                permitted_action=held["permitted_action"],
                judicial_use=held["judicial_use"],
                onward=held["onward"],
                expires_at=ends,
                originators=frozenset({originator}),
            ),
        )
        told = made.model_dump(mode="json")
        signed, held_clause = self.clause(agreement, clause)
        told_of = {"release": release, "originator": originator, "recipient": recipient, "agency": agency, "case": case}
        self.check_conditions(told, signed, held_clause, **told_of)
        return told

    def check_conditions(
        self,
        told: Mapping[str, Any],
        agreement: SignedAgreement,
        clause: Clause,
        *,
        release: str,
        originator: str,
        recipient: str,
        agency: str,
        case: str,
    ) -> Conditions:
        """Conditions, once they are those of the clause that both have signed, or stricter.

        They are checked before they leave and again when they come.

        Args:
            told: the conditions.
            agreement: the agreement in force.
            clause: its clause.
            release: the release they are of.
            originator: the party that releases.
            recipient: the party that receives.
            agency: the agency that asked.
            case: the case it asked for.

        Raises:
            Refused: they are looser, or of another release; the error names in what.
        """
        try:
            made = Conditions.model_validate(dict(told))
        except ValidationError as error:
            raise _other_conditions(release, ("?",)) from error
        own = {
            "release": release,
            "originator": originator,
            "recipient": recipient,
            "agency": agency,
            "case": case,
            "agreement": agreement.document.id,
            "agreement_digest": agreement.digest,
        }
        wrong = [name for name, value in own.items() if getattr(made, name) != value]
        if abs(made.released_at - self._now()) >= dt.timedelta(days=30):
            wrong.append("released_at")
        wrong += loosened(made, clause)
        if wrong:
            raise _other_conditions(release, wrong)
        return made

    def _current(self, agreement: str) -> Engine:
        """The engine over one agreement as it is in force now, or over none; kept until another version is."""
        held = self._agreements.newest(agreement)
        name = held.digest if held is not None else ""
        with self._lock:
            if name not in self._engines:
                if len(self._engines) >= MOST_ENGINES:
                    self._engines.clear()
                self._engines[name] = Engine([] if held is None else [held], self._law)
            return self._engines[name]


def _other_conditions(release: str, wrong: Sequence[str]) -> Refused:
    return Refused(
        _("the conditions of this release are not those of the clause that both have signed"),
        where=f"{release[:16]}: {', '.join(wrong)}",
        kept=_("the release was not taken"),
    )


class Both(Message):
    """What failed, kept in both languages as it was decided."""

    def __init__(self, both: Mapping[str, str]) -> None:
        super().__init__("{why}", dict(both))

    def in_language(self, to: Any) -> str:
        """The words in one language."""
        return str(self.values[to])


def _plain(question: Question) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(question).items()}
