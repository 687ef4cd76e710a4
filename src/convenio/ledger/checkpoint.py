"""Checkpoints (C2SP tlog-checkpoint v1): origin, size and root of a ledger, as the text of a signed note."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from convenio.core.canonical import b64
from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.ledger.merkle import HASH_SIZE, MAX_SIZE
from convenio.ledger.note import OpenedNote, Verifier, open_note


@dataclass(frozen=True)
class Checkpoint:
    """The head of a ledger.

    Args:
        origin: the ledger's name, the same for as long as it lives.
        size: number of entries.
        root: RFC 6962 root hash over them.
        extensions: further lines; none of ours has any.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The note's text."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), b64(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint from a note's text.

        Raises:
            InputError: it is none.
        """
        origin, size, root, *extensions = [*text.removesuffix("\n").split("\n"), "", ""]
        extensions = extensions[:-2]
        try:
            decoded = base64.b64decode(root.encode("ascii"), validate=True)
        except (ValueError, UnicodeEncodeError):
            decoded = b""
        if not text.endswith("\n") or not origin or len(decoded) != HASH_SIZE or not all(extensions):
            raise InputError(_("this is no checkpoint: it has an origin, a size and a root, a line each"))
        if not (size.isascii() and size.isdigit()) or (size[0] == "0" and size != "0") or int(size[:20]) > MAX_SIZE:
            raise InputError(_("the checkpoint's size is no whole number"), where=size[:40])
        return cls(origin, int(size), decoded, tuple(extensions))


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint whose signatures have been checked.

    Args:
        checkpoint: what was signed.
        note: the whole signed text, as evidence.
        opened: the signatures that fit.
    """

    checkpoint: Checkpoint
    note: str
    opened: OpenedNote

    @property
    def origin(self) -> str:
        """The ledger's name."""
        return self.checkpoint.origin

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        """The root hash."""
        return self.checkpoint.root


def open_checkpoint(note: str | bytes, verifiers: Iterable[Verifier], *, origin: str | None = None) -> SignedCheckpoint:
    """Read a signed checkpoint that at least one of `verifiers` has signed.

    Args:
        note: the signed note.
        verifiers: the keys that are trusted for it.
        origin: the ledger it should be of; any where None.

    Raises:
        NoteError: nobody known has rightly signed it.
        InputError: it is no checkpoint, or one of another ledger.
    """
    opened = open_note(note, verifiers)
    checkpoint = Checkpoint.parse(opened.text)
    if origin is not None and checkpoint.origin != origin:
        raise InputError(
            _("the checkpoint is of the ledger {found}, not of {wanted}", found=checkpoint.origin, wanted=origin)
        )
    return SignedCheckpoint(checkpoint, note if isinstance(note, str) else note.decode(), opened)
