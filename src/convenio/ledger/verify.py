"""Checking a ledger from its entries up: every hash is computed again, every signature is checked, nothing is believed.

A folder is enough: it carries the ledger's verifier key and, where it is witnessed, the witness's and the last
checkpoint that it cosigned. Give the keys and the witness's own note from elsewhere to verify against someone who could
have changed those as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _
from convenio.ledger.blame import blame
from convenio.ledger.checkpoint import SignedCheckpoint, open_checkpoint
from convenio.ledger.cosigned import COSIGNED, open_cosigned, time_of, witnesses_of
from convenio.ledger.journal import Journal, read_journal
from convenio.ledger.log import CHECKPOINT, VKEY
from convenio.ledger.merkle import leaf_hashes
from convenio.ledger.note import CosignatureVerifier, NoteVerifier, parse_vkeys
from convenio.ledger.tiles import WIDTH
from convenio.ledger.verdict import Problem, Report
from convenio.ledger.walk import Walked, bundle_of, walk


def verify(
    folder: Path,
    vkey: str | None = None,
    witness_vkey: str | None = None,
    *,
    seen: Sequence[str] = (),
    processes: int | None = None,
) -> Report:
    """Verify the ledger in `folder`.

    Args:
        folder: its folder, or a copy of it.
        vkey: the ledger's verifier key; the one in the folder where None.
        witness_vkey: the witness's; the one in the folder, if any, where None.
        seen: signed checkpoints from elsewhere, as the witness keeps them; each must be of this history.
        processes: how many read at once; chosen by size where None.

    Raises:
        InputError: there is no ledger in the folder, or a key that was given is none.
    """
    keys = _keys(folder, vkey, witness_vkey)
    report = Report(folder, keys.origin, cosigned=0 if keys.witnesses else None)
    journal = _journal(folder, report)
    head = _head(folder, keys, journal, report)
    if head is None:
        return report
    report.size, report.root = head.size, head.root.hex()
    found = walk(folder, head.size, processes=processes)
    sure = _History(folder, journal, found, head.size)
    whole = sure.root(head.size) == head.root
    problems, report.holds_until = blame(folder, head, found, whole=whole)
    report.problems += problems
    _check_seen(_notes(folder, keys, seen, report), sure, report)
    _check_journal(keys, journal, sure, report)
    return report


@dataclass
class _History:
    """The roots of the entries as they are now, at any size."""

    folder: Path
    journal: Journal | None
    found: Walked
    size: int

    def ragged(self, size: int) -> list[bytes]:
        rest = size % WIDTH
        width = min(WIDTH, self.size - size // WIDTH * WIDTH)
        entries = bundle_of(self.folder, self.journal, size // WIDTH, width) if rest else []
        return leaf_hashes((entries or [])[:rest])

    def root(self, size: int) -> bytes:
        return self.found.edge(size, self.ragged(size)).root()


@dataclass(frozen=True)
class _Keys:
    logs: list[NoteVerifier]
    witnesses: list[CosignatureVerifier]

    @property
    def origin(self) -> str:
        return self.logs[-1].name

    def open(self, note: str | bytes) -> SignedCheckpoint:
        return open_checkpoint(note, self.logs, origin=self.origin)


def _keys(folder: Path, vkey: str | None, witness_vkey: str | None) -> _Keys:
    if not (folder / CHECKPOINT).exists() and not (folder / VKEY).exists():
        raise InputError(
            _("there is no ledger here"),
            where=str(folder),
            advice=_("name a node's folder, or a ledger's own folder with its checkpoint and tile folder"),
        )
    if vkey is None:
        try:
            vkey = (folder / VKEY).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise InputError(
                _("the ledger's verifier key is not here"),
                where=str(folder / VKEY),
                advice=_("ask the ledger's owner for it and name it"),
            ) from error
    if witness_vkey is None:
        return _Keys(parse_vkeys(vkey), witnesses_of(folder))
    return _Keys(parse_vkeys(vkey), [CosignatureVerifier.parse(line) for line in witness_vkey.split()])


def _journal(folder: Path, report: Report) -> Journal | None:
    try:
        return read_journal(folder)
    except ConvenioError as error:
        report.problems.append(Problem("journal", error.what))
        return None


def _head(folder: Path, keys: _Keys, journal: Journal | None, report: Report) -> SignedCheckpoint | None:
    """The checkpoint to verify against: the published one, or the journal's where that is missing or does not hold."""
    path = folder / CHECKPOINT
    notes = [path.read_bytes()] if path.exists() else []
    if journal is not None:
        notes.append(journal.note.encode())
    for note in notes:
        try:
            return keys.open(note)
        except InputError as error:
            what = _("the checkpoint does not hold: {why}", why=error.what)
            report.problems.append(Problem("signature", what))
    return None


def _notes(folder: Path, keys: _Keys, seen: Sequence[str], report: Report) -> list[SignedCheckpoint]:
    found = []
    path = folder / COSIGNED
    own = [path.read_text(encoding="utf-8", errors="replace")] if keys.witnesses and path.exists() else []
    for note in (*own, *seen):
        try:
            opened = open_cosigned(note, keys.logs, keys.witnesses) if keys.witnesses else keys.open(note)
        except InputError as error:
            report.problems.append(
                Problem("signature", _("a cosigned checkpoint does not hold: {why}", why=error.what))
            )
            continue
        found.append(opened)
    if found and keys.witnesses:
        last = max(found, key=lambda each: each.size)
        report.cosigned, report.cosigned_at = last.size, time_of(last, keys.witnesses)
    return sorted(found, key=lambda each: each.size)


def _check_seen(notes: Sequence[SignedCheckpoint], now: _History, report: Report) -> None:
    """Hold the history against what the witness has signed, unless entries of it are damaged already."""
    damaged = None if any(each.kind == "root" for each in report.problems) else report.first_bad
    good = 0
    for each in notes:
        if each.size > now.size:
            what = _("the witness has seen {seen} entries, and here are {size}", seen=each.size, size=now.size)
            report.problems.append(Problem("rolled-back", what, now.size))
        elif now.root(each.size) == each.root:
            good = each.size
            report.holds_until = max(report.holds_until, good)
        elif damaged is None or damaged >= each.size:
            what = _("the witness has seen another history of the first {size} entries", size=each.size)
            report.problems.append(Problem("fork", what))
            report.holds_until = good


def _check_journal(keys: _Keys, journal: Journal | None, now: _History, report: Report) -> None:
    """The journal continues what the tiles hold, and its last checkpoint fits."""
    if journal is None or not report.holds or journal.base > now.size:
        return
    try:
        head = keys.open(journal.note)
    except InputError as error:
        report.problems.append(Problem("journal", _("the journal's checkpoint does not hold: {why}", why=error.what)))
        return
    edge, _made = now.found.edge(journal.base, []).grown(journal.entries)
    if (edge.size, edge.root()) != (head.size, head.root):
        report.problems.append(Problem("journal", _("the journal's entries do not fit its checkpoint")))
    report.waiting = max(head.size - now.size, 0)
