"""A ledger that is written to: entries go in, in groups, and are on the disk before anyone is told so.

One frame of the journal makes a group durable; then come the tiles, then the checkpoint, so that whoever sees a
checkpoint can have every tile under it. What was cut off in between is done when the ledger is opened next.
"""

from __future__ import annotations

import fcntl
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.core.errors import Conflict, ConvenioError, InputError
from convenio.core.words import _
from convenio.ledger.checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint
from convenio.ledger.disk import DISK, Disk
from convenio.ledger.edge import Edge, Growth, edge_at
from convenio.ledger.groups import Group, Groups
from convenio.ledger.journal import NAME as JOURNAL
from convenio.ledger.journal import Frame, read_journal
from convenio.ledger.note import NoteSigner, parse_vkeys, sign_note
from convenio.ledger.tiles import ENTRIES, WIDTH, narrowed, pack, read_tile, unpack
from convenio.ledger.tree import Tree

SETTLE_AFTER = 65_536
SYNCING_THREADS = 8
LARGEST_GROUP = 1 << 30
CHECKPOINT = "checkpoint"
VKEY = "log.vkey"
WITNESS_VKEY = "witness.vkey"
HOLD = "hold"


class Log(Tree):
    """A ledger open for writing; one at a time has it open.

    Args:
        folder: its folder, made when missing.
        origin: its name, in checkpoints and verifier keys; the same for as long as it lives.
        key: what signs its checkpoints, and nothing else.
        disk: where it writes.
        settle_after: entries in the journal before their tiles are synced and the journal begins anew.

    Raises:
        Conflict: another process has it open, or it was begun under another name or key.
        ConvenioError: what lies in the folder does not fit its last checkpoint.
    """

    def __init__(
        self,
        folder: Path,
        origin: str,
        key: Ed25519PrivateKey,
        *,
        disk: Disk = DISK,
        settle_after: int = SETTLE_AFTER,
    ) -> None:
        super().__init__(folder, 0)
        self.signer = NoteSigner(origin, key)
        self._disk = disk
        self._settle_after = settle_after
        self._committing = threading.Lock()
        self._groups = Groups(self._commit)
        self._behind = Growth()
        self._unsynced: list[str] = []
        self._failed: OSError | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = (folder / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise Conflict(
                _("another process has this ledger open"),
                where=str(folder),
                advice=_("is the node running already? only one may write to a ledger"),
            ) from error
        try:
            self._own()
            self._open()
        except BaseException:
            self._lock.close()
            raise

    @property
    def origin(self) -> str:
        """The ledger's name."""
        return self.signer.name

    @property
    def held(self) -> bool:
        """Whether it refuses entries until a gap has been recovered (see `ledger.recovery`)."""
        return (self.folder / HOLD).exists()

    def append(self, entries: Sequence[bytes]) -> int:
        """Append entries; they are on the disk when this returns. Calls of several threads share one sync.

        Args:
            entries: at most 65,535 bytes each.

        Returns:
            The index of the first.

        Raises:
            InputError: an entry is too long, or all of them are a gigabyte and more.
            Conflict: the ledger is held for recovery.
            ConvenioError: the disk did not take them; none of them was appended.
        """
        if len(pack(entries)) > LARGEST_GROUP:
            raise InputError(_("these are too many entries for one group"), kept=_("nothing was appended"))
        group = Group(entries)
        self._groups.put(group)
        if not group.done:
            raise self._no_entries()
        if group.error is not None:
            raise group.error
        return group.first

    def append_recovered(self, entries: Sequence[bytes], root: bytes) -> None:
        """Append entries that were lost, if they lead to a root that is known; a hold does not stop them.

        Raises:
            Conflict: they lead elsewhere; nothing was appended.
        """
        with self._committing:
            self._commit_together(entries, recovered=root)
            self._publish()

    def checkpoint(self) -> SignedCheckpoint:
        """The newest signed checkpoint; every tile under it can be read.

        Raises:
            ConvenioError: the tiles of acknowledged entries cannot be written; the entries are safe in the journal.
        """
        with self._committing:
            self._publish()
            return open_checkpoint(self._note, [self.signer.verifier], origin=self.origin)

    def settle(self) -> None:
        """Sync every full tile and begin the journal anew."""
        with self._committing:
            self._publish()
            self._settle()

    def close(self) -> None:
        """Settle, and let another open it."""
        if self._lock.closed:
            return
        try:
            if self._failed is None:
                self.settle()
        finally:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _own(self) -> None:
        path = self.folder / VKEY
        own = self.signer.verifier
        if not path.exists():
            self._disk.replace(path, f"{own.vkey()}\n".encode())
        self._known = parse_vkeys(path.read_text(encoding="utf-8", errors="replace"))
        if self._known[-1].vkey() != own.vkey():
            raise Conflict(
                _("this ledger was begun under another name or key"),
                where=str(path),
                advice=_("after a rotation, name its new key with renew_key first"),
                kept=_("nothing was changed"),
            )

    def _open(self) -> None:
        journal = read_journal(self.folder)
        if journal is None:
            base, entries, note = self._without_journal()
        else:
            base, entries, note = journal.base, journal.entries, journal.note
        edge, made = edge_at(self.folder, base).grown(entries)
        head = open_checkpoint(note, self._known, origin=self.origin)
        if (head.size, head.root) != (edge.size, edge.root()):
            raise ConvenioError(
                _("what lies in this ledger does not fit its checkpoint of {size} entries", size=head.size),
                where=str(self.folder),
                advice=_("convenio ledger verify says what still holds"),
                kept=_("nothing was changed"),
            )
        self._edge, self._note, self._base = edge, note, base
        renewed = head.opened.by(self.signer.verifier) is None
        if renewed:
            self._note = self._sign(edge)
        if journal is None:
            self._renew_journal()
        else:
            self._end = journal.length
            if (self.folder / JOURNAL).stat().st_size > journal.length:
                self._disk.truncate(self.folder / JOURNAL, journal.length)
        self._behind = Growth(made.full, edge.partial_files(), [f"{path}.p" for path in made.full])
        self._publish()
        self._mend(edge)
        if renewed:
            self._settle()

    def _mend(self, edge: Edge) -> None:
        """Write anew the narrower partial files of the last tiles, which a power cut may have torn."""
        for path, data in edge.partial_files().items():
            newest = self.folder / path
            for each in newest.parent.iterdir():
                width = int(each.name) if each.name.isdigit() else 0
                if 0 < width < int(newest.name):
                    whole = narrowed(data, ENTRIES if f"tile/{ENTRIES}/" in path else 0, width)
                    if each.read_bytes() != whole:
                        self._disk.write(each, whole)

    def _without_journal(self) -> tuple[int, list[bytes], str]:
        """A new ledger, or one whose checkpoint and tiles alone are left."""
        path = self.folder / CHECKPOINT
        if not path.exists():
            return 0, [], self._sign(Edge())
        note = path.read_text(encoding="utf-8", errors="replace")
        size = open_checkpoint(note, self._known, origin=self.origin).size
        base = size // WIDTH * WIDTH
        last = read_tile(self.folder, ENTRIES, size // WIDTH, size - base) if size > base else b""
        return base, unpack(last or b""), note

    def _sign(self, edge: Edge) -> str:
        return sign_note(Checkpoint(self.origin, edge.size, edge.root()).text(), self.signer)

    def _commit(self, groups: Sequence[Group]) -> None:
        """Append every group, in one frame, and publish it."""
        with self._committing:
            try:
                first = self._commit_together([entry for group in groups for entry in group.entries])
                for group in groups:
                    group.first = first
                    first += len(group.entries)
                self._publish_quietly()
            except ConvenioError as error:
                for group in groups:
                    group.error = error

    def _publish_quietly(self) -> None:
        """Publish; the entries are durable, so a disk that is full is told by `checkpoint` until it takes the files."""
        with suppress(ConvenioError):
            self._publish()
            if self._edge.size - self._base >= self._settle_after:
                self._settle()

    def _commit_together(self, entries: Sequence[bytes], recovered: bytes | None = None) -> int:
        if self._failed is not None or self._lock.closed:
            raise self._no_entries()
        if self.held and recovered is None:
            raise Conflict(
                _("this ledger takes no entries until its gap is recovered"),
                where=str(self.folder),
                advice=_("it was brought back from a backup; see recovery in docs/en/ledger.md"),
            )
        first = self._edge.size
        if not entries:
            return first
        edge, made = self._edge.grown(entries)
        if recovered is not None and edge.root() != recovered:
            raise Conflict(
                _("these entries are not those that the witness has seen"),
                where=str(self.folder),
                kept=_("nothing was appended"),
            )
        note = self._sign(edge)
        frame = Frame(first, entries, note).encode()
        self._write_frame(frame)
        self._edge, self._note, self._end = edge, note, self._end + len(frame)
        self._behind = _joined(self._behind, made)
        return first

    def _no_entries(self) -> ConvenioError:
        return ConvenioError(
            _("this ledger takes no entries: {why}", why=str(self._failed or _("it was closed"))),
            where=str(self.folder),
            advice=_("look at the disk, then open the node again"),
        )

    def _write_frame(self, frame: bytes) -> None:
        path = self.folder / JOURNAL
        try:
            self._disk.append(path, frame, self._end)
        except OSError as error:
            try:
                self._disk.truncate(path, self._end)
            except OSError as again:
                self._failed = again
            raise ConvenioError(
                _("the disk did not take the entries: {why}", why=str(error)),
                where=str(path),
                advice=_("is the disk full?"),
                kept=_("nothing was appended"),
            ) from error

    def _publish(self) -> None:
        """Write the files that acknowledged entries make, then the checkpoint over them."""
        made = self._behind
        if self._size == self._edge.size and (self.folder / CHECKPOINT).exists():
            return
        try:
            for path, data in (made.full | made.partial).items():
                self._disk.write(self.folder / path, data)
            self._disk.replace(self.folder / CHECKPOINT, self._note.encode(), sync=False)
        except OSError as error:
            raise ConvenioError(
                _("the ledger's files cannot be written: {why}", why=str(error)),
                where=str(self.folder),
                advice=_("is the disk full? entries that were acknowledged are safe in the journal"),
            ) from error
        self._unsynced += made.full
        self._size = self._edge.size
        self._behind = Growth()
        for path in made.outgrown:
            shutil.rmtree(self.folder / path, ignore_errors=True)

    def _settle(self) -> None:
        folders = {self.folder}
        for path in self._unsynced:
            folders.update((self.folder / path).parents[: path.count("/")])
        try:
            with ThreadPoolExecutor(SYNCING_THREADS) as threads:
                list(threads.map(self._disk.sync, [self.folder / path for path in self._unsynced]))
            for each in folders:
                self._disk.sync(each)
            self._renew_journal()
        except OSError as error:
            self._failed = error
            raise ConvenioError(
                _("the ledger's files cannot be written: {why}", why=str(error)), where=str(self.folder)
            ) from error
        self._unsynced = []

    def _renew_journal(self) -> None:
        base = self._edge.size // WIDTH * WIDTH
        frame = Frame(base, self._edge.bundle, self._note).encode()
        self._disk.replace(self.folder / JOURNAL, frame)
        self._base, self._end = base, len(frame)


def renew_key(folder: Path, origin: str, key: Ed25519PrivateKey, *, disk: Disk = DISK) -> None:
    """Name the key that signs a ledger's checkpoints from its next opening on; what earlier keys signed stays good.

    Args:
        folder: the ledger's folder; it is not open.
        origin: its name.
        key: the new key.
        disk: where it writes.

    Raises:
        Conflict: the ledger has another name.
    """
    known = parse_vkeys((folder / VKEY).read_text(encoding="utf-8", errors="replace"))
    new = NoteSigner(origin, key).verifier
    if known[-1].name != origin:
        raise Conflict(
            _("the checkpoint is of the ledger {found}, not of {wanted}", found=known[-1].name, wanted=origin)
        )
    if new.vkey() not in {each.vkey() for each in known}:
        disk.replace(folder / VKEY, "".join(f"{each.vkey()}\n" for each in [*known, new]).encode())


def _joined(first: Growth, then: Growth) -> Growth:
    return Growth(first.full | then.full, first.partial | then.partial, first.outgrown + then.outgrown)
