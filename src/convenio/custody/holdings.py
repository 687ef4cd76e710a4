"""What the party's own agencies hold: bulk records, each agency's in a compartment of its own.

Every method here leaves exactly one ledger entry: collection, alteration, consultation, combination or erasure.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import select
from sqlalchemy.orm import Session

from convenio.core.errors import Conflict, ConvenioError, InputError, NotFound, Refused
from convenio.core.words import _
from convenio.custody import leftovers
from convenio.custody.altering import KEPT, altered, digest
from convenio.custody.clock import TrustedClock
from convenio.custody.keystore import KeyStore
from convenio.ledger.intents import INTERNAL, remember
from convenio.people.accounts import Person
from convenio.stores.operational import Store
from convenio.stores.sealed_tables import read_sealed, write_sealed
from convenio.stores.tables import Consent, Dataset, Tombstone


@dataclass(frozen=True)
class Holding:
    """A dataset as others may know it: no rows."""

    id: str
    agency: str
    record_type: str
    category: str
    title: str
    rows: int
    created_at: dt.datetime
    digest: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Purpose:
    """Why someone acts: the purpose, the case it is for, and the reason in words where the act needs one."""

    purpose: str
    case: str
    reason: str = ""


class Holdings:
    """The party's own records.

    Args:
        store: the operational store.
        keys: the key store.
        folder: where the sealed tables lie.
        clock: the node's clock.
    """

    def __init__(self, store: Store, keys: KeyStore, folder: Path, clock: TrustedClock) -> None:
        self._store = store
        self._keys = keys
        self._folder = folder
        self._clock = clock

    def collect(
        self,
        table: pa.Table,
        *,
        actor: Person,
        record_type: str,
        category: str,
        title: str,
        marking: Mapping[str, Any] | None = None,
        provenance: Mapping[str, Any] | None = None,
    ) -> Holding:
        """Take records into the actor's agency: one sealed table, one collection entry.

        Args:
            table: the rows.
            actor: who brings them in.
            record_type: the name of their record type.
            category: the data category that agreements speak of (`financial`, `missing`, …).
            title: what people call it.
            marking: how it may be handled.
            provenance: source, as-of, who ingested it.
        """
        if actor.has("auditor", "ombudsperson"):
            raise Refused(_("who audits does not bring records in"), where=actor.name)
        made = uuid.uuid4().hex
        content = digest(table)
        path, name = self._write(made, table)
        try:
            with self._store.transaction() as session:
                leftovers.forget(session, made)
                held = Dataset(
                    id=made,
                    agency=actor.agency,
                    record_type=record_type,
                    category=category,
                    title=title,
                    rows=table.num_rows,
                    columns=list(table.column_names),
                    marking=dict(marking or {}),
                    provenance={"by": actor.name, **(provenance or {})},
                    file=path.name,
                    key=name,
                    digest=content,
                    created_at=self._clock(),
                )
                session.add(held)
                self._enter(session, "collected", actor, made, {"digest": content, "title": title}, rows=held.rows)
                return _holding(held)
        except BaseException:
            self._clear(made)
            raise

    def rows(self, dataset: str, *, actor: Person, purpose: Purpose, columns: Sequence[str] | None = None) -> pa.Table:
        """Read rows for a named person, purpose and case: one consultation entry.

        Raises:
            NotFound: there is no such dataset, or it is another agency's and that agency has not consented.
            Refused: the person administers or audits, or no purpose or case is given.
        """
        held = self._may_read(dataset, actor, purpose)
        table = read_sealed(self._folder / held.file, self._keys.get(held.key), columns)
        with self._store.transaction() as session:
            self._enter(
                session,
                "consulted",
                actor,
                dataset,
                {"columns": list(columns or []), "case": purpose.case, "reason": purpose.reason},
                rows=table.num_rows,
                purpose=purpose.purpose,
            )
        return table

    def derive(
        self, datasets: Sequence[Holding], *, columns: Sequence[str], purpose: Purpose
    ) -> Iterator[tuple[Holding, pa.Table]]:
        """The node itself derives something from datasets of its party: one combination entry for them all.

        Yields:
            Each dataset and those of the columns that it has, rows in its own order.
        """
        self.note_combination(datasets, columns, purpose)
        for each in datasets:
            path, key = self._stored(each.id)
            yield each, read_sealed(path, key, [name for name in columns if name in each.columns])

    def note_combination(self, datasets: Sequence[Holding], columns: Sequence[str], purpose: Purpose) -> None:
        """Leave the entry of a combination whose rows were derived before."""
        with self._store.transaction() as session:
            remember(
                session,
                INTERNAL,
                "combined",
                at=self._clock(),
                actor="node",
                subject=purpose.case,
                content={"columns": list(columns), "datasets": [each.id for each in datasets]},
                rows=sum(each.rows for each in datasets),
                purpose=purpose.purpose,
            )

    def pick(self, places: Sequence[tuple[str, int]], fields: Sequence[str]) -> list[dict[str, Any]]:
        """The fields of single rows for a release; the release itself leaves the disclosure entry."""
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for dataset in sorted({place[0] for place in places}):
            path, key = self._stored(dataset)
            table = read_sealed(path, key)
            known = [name for name in fields if name in table.column_names]
            numbers = sorted({place[1] for place in places if place[0] == dataset})
            picked = table.select(known).take(pa.array(numbers, pa.int64())).to_pylist()
            found.update({(dataset, n): row for n, row in zip(numbers, picked, strict=True)})
        return [found[place] for place in places]

    def alter(self, dataset: str, row: int, values: Mapping[str, str | None], *, actor: Person, reason: str) -> Holding:
        """Correct one row of a dataset: the table is sealed anew under a new key, and the old one is erased.

        Args:
            dataset: the dataset.
            row: which row, from 0.
            values: new values by column, as text; None for no value.
            actor: who corrects; of the agency that holds it.
            reason: why.

        Raises:
            NotFound: there is no such dataset in the person's agency.
            InputError: no such row or column, a value that does not fit its column, or no reason.
        """
        if actor.has("administrator", "auditor", "ombudsperson"):
            raise Refused(_("who administers or audits does not change records"), where=actor.name)
        if not reason.strip():
            raise InputError(_("a correction needs a reason"))
        self.require_own([dataset], actor)
        path, old_key = self._stored(dataset)
        table = altered(read_sealed(path, old_key), row, values, where=dataset)
        version = uuid.uuid4().hex
        new, name = self._write(version, table)
        try:
            with self._store.transaction() as session:
                held = session.get(Dataset, dataset, with_for_update=True)
                if held is None or held.erased_at is not None or held.file != path.name:
                    raise Conflict(_("this dataset was changed meanwhile"), where=dataset, kept=KEPT)
                before = held.digest
                leftovers.supersede(session, version, file=held.file, key=held.key, at=self._clock())
                held.file, held.key, held.digest = new.name, name, digest(table)
                told = {"before": before, "after": held.digest, "columns": sorted(values), "row": row, "reason": reason}
                self._enter(session, "altered", actor, dataset, told, rows=1)
                made = _holding(held)
        except BaseException:
            self._clear(version)
            raise
        self._clear(version)
        return made

    def require_own(self, datasets: Sequence[str], actor: Person) -> None:
        """Refuse datasets that are not the person's agency's.

        Raises:
            NotFound: one is another agency's, or erased, or was never here.
        """
        with self._store.reading() as session:
            for each in set(datasets):
                held = session.get(Dataset, each)
                if held is None or held.agency != actor.agency or held.erased_at is not None:
                    raise _unknown(each)

    def erase(self, dataset: str, *, actor: Person, reason: str) -> None:
        """Erase a dataset: its key, then its file; a tombstone and one erasure entry stay.

        Raises:
            NotFound: there is no such dataset in the person's agency.
            InputError: no reason.
        """
        if not reason.strip():
            raise InputError(_("an erasure needs a reason"), where=dataset, kept=KEPT)
        with self._store.transaction() as session:
            held = session.get(Dataset, dataset)
            if held is None or held.agency != actor.agency or held.erased_at is not None:
                raise _unknown(dataset)
            held.erased_at = self._clock()
            session.add(
                Tombstone(
                    id=dataset,
                    kind="dataset",
                    clause="",
                    erased_at=held.erased_at,
                    reason=reason,
                    digest=held.digest,
                )
            )
            self._enter(session, "erased", actor, dataset, {"reason": reason}, rows=held.rows)
        self._clear(dataset)

    def consent(self, dataset: str, agency: str, *, actor: Person, reason: str, until: dt.datetime) -> None:
        """Let another agency of the party use a dataset until a moment: one disclosure entry.

        Raises:
            Refused: the person is no supervisor.
            NotFound: there is no such dataset in the person's agency.
            InputError: no reason, the person's own agency, or a moment that is over.
        """
        if not actor.has("supervisor"):
            raise Refused(_("only a supervisor of the holding agency consents"), where=actor.name)
        self.require_own([dataset], actor)
        if not reason.strip():
            raise InputError(_("a consent needs a reason"), kept=KEPT)
        if agency == actor.agency:
            raise InputError(_("this is the agency that holds it"), where=agency, kept=KEPT)
        if until <= self._clock.effective():
            raise InputError(_("the consent would be over already"), where=until.isoformat(), kept=KEPT)
        with self._store.transaction() as session:
            held = session.get(Dataset, dataset)
            if held is None or held.agency != actor.agency:
                raise _unknown(dataset)
            session.add(
                Consent(
                    id=uuid.uuid4().hex,
                    holding=dataset,
                    agency=agency,
                    given_by=actor.name,
                    reason=reason,
                    given_at=self._clock(),
                    until=until,
                )
            )
            self._enter(session, "disclosed", actor, dataset, {"to": agency, "reason": reason}, rows=held.rows)

    def end_consent(self, dataset: str, agency: str, *, actor: Person, reason: str) -> None:
        """Take back what lets another agency use a dataset, before its day: one entry.

        Raises:
            Refused: the person is no supervisor.
            NotFound: there is no such dataset in the person's agency, or the other agency may not read it now.
            InputError: no reason.
        """
        if not actor.has("supervisor"):
            raise Refused(_("only a supervisor of the holding agency consents"), where=actor.name)
        self.require_own([dataset], actor)
        if not reason.strip():
            raise InputError(_("taking a consent back needs a reason"), kept=KEPT)
        now = self._clock.effective()
        with self._store.transaction() as session:
            given = select(Consent).where(Consent.holding == dataset, Consent.agency == agency, Consent.until > now)
            running = session.scalars(given.with_for_update()).all()
            if not running:
                raise NotFound(_("{agency} may not read these records now", agency=agency), where=dataset, kept=KEPT)
            told = [each.until.isoformat() for each in running]
            for each in running:
                each.until = now
            self._enter(session, "unshared", actor, dataset, {"to": agency, "reason": reason, "until": told})

    def consents(self, dataset: str, *, actor: Person) -> dict[str, dt.datetime]:
        """The other agencies that may read a dataset of the person's agency now, and until when each may."""
        self.require_own([dataset], actor)
        running = select(Consent.agency, Consent.until).where(
            Consent.holding == dataset, Consent.until > self._clock.effective()
        )
        with self._store.reading() as session:
            return {row[0]: row[1] for row in session.execute(running.order_by(Consent.until))}

    def tidy(self) -> int:
        """Erase keys and files that an act which was cut short has left; how many there were."""
        return leftovers.clear(self._store, self._keys, self._folder, self._clock())

    def all(self, *, category: str | None = None) -> list[Holding]:
        """Every dataset that is not erased, without its rows."""
        wanted = select(Dataset).where(Dataset.erased_at.is_(None)).order_by(Dataset.created_at)
        if category is not None:
            wanted = wanted.where(Dataset.category == category)
        with self._store.reading() as session:
            return [_holding(each) for each in session.scalars(wanted)]

    def _write(self, number: str, table: pa.Table) -> tuple[Path, str]:
        """Seal a table under a key of its own, once the database knows of both: path and name of the key."""
        path, name = self._folder / f"{number}.parquet", f"dataset/{number}"
        with self._store.transaction() as session:
            leftovers.announce(session, number, file=path.name, key=name, at=self._clock())
        try:
            write_sealed(table, path, self._keys.create(name))
        except BaseException:
            self._clear(number)
            raise
        return path, name

    def _clear(self, number: str) -> None:
        """Erase what no longer counts; what cannot be erased now is erased by `tidy`."""
        with suppress(ConvenioError, OSError):
            leftovers.clear_one(self._store, self._keys, self._folder, number)

    def _may_read(self, dataset: str, actor: Person, purpose: Purpose) -> Dataset:
        if actor.has("administrator", "auditor"):
            raise Refused(
                _("who administers or audits does not read records"),
                where=actor.name,
                advice=_("an analyst of the agency that holds them can"),
            )
        if not purpose.purpose.strip() or not purpose.case.strip():
            raise InputError(_("a purpose and a case are needed to read records"))
        with self._store.reading() as session:
            held = session.get(Dataset, dataset)
            if held is None or held.erased_at is not None:
                raise _unknown(dataset)
            if held.agency != actor.agency:
                given = select(Consent).where(
                    Consent.holding == dataset, Consent.agency == actor.agency, Consent.until > self._clock.effective()
                )
                if session.scalars(given).first() is None:
                    raise _unknown(dataset)
            return held

    def _stored(self, dataset: str) -> tuple[Path, bytes]:
        with self._store.reading() as session:
            held = session.get(Dataset, dataset)
            if held is None or held.erased_at is not None:
                raise _unknown(dataset)
            return self._folder / held.file, self._keys.get(held.key)

    def _enter(
        self, session: Session, kind: str, actor: Person, dataset: str, content: Mapping[str, Any], **body: Any
    ) -> None:
        remember(
            session,
            INTERNAL,
            kind,
            at=self._clock(),
            actor=actor.name,
            subject=dataset,
            content=content,
            agency=actor.agency,
            **body,
        )


def _unknown(dataset: str) -> NotFound:
    return NotFound(_("there is no such dataset for you"), where=dataset)


def _holding(held: Dataset) -> Holding:
    return Holding(
        held.id,
        held.agency,
        held.record_type,
        held.category,
        held.title,
        held.rows,
        held.created_at,
        held.digest,
        tuple(held.columns),
    )
