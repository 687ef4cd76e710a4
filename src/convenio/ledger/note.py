"""Signed notes (C2SP signed-note v1) and timestamped cosignatures (C2SP tlog-cosignature v1), with Ed25519.

A note is a text and, after an empty line, one signature a line. Who verifies names the keys it knows; signatures of
other keys are passed over, and one of a known key that does not fit refuses the whole note.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from convenio.core.canonical import b64
from convenio.core.errors import InputError
from convenio.core.words import _

ED25519 = 0x01
COSIGNATURE = 0x04
MAX_NOTE = 256 * 1024
MAX_SIGNATURES = 64
DASH = "— "


class NoteError(InputError):
    """A note that has no right form, or that nobody known has rightly signed."""

    status = 403


@dataclass(frozen=True)
class Signature:
    """One signature line of a note: who signed, with which key, and the bytes."""

    name: str
    key_id: int
    value: bytes

    def line(self) -> str:
        """The line as a note bears it, with its newline."""
        return f"{DASH}{self.name} {b64(self.key_id.to_bytes(4, 'big') + self.value)}\n"


class Signer(Protocol):
    """Whatever can sign a note."""

    def sign(self, text: str) -> Signature:
        """Sign a note's text."""
        ...


class Verifier(Protocol):
    """Whatever can check one key's signatures on notes."""

    @property
    def name(self) -> str:
        """Whose key it is."""
        ...

    @property
    def key_id(self) -> int:
        """The key's short identifier."""
        ...

    def verify(self, text: str, value: bytes) -> int | None:
        """Check a signature's bytes: the time it names (None where it names none).

        Raises:
            NoteError: the signature does not fit.
        """
        ...


@dataclass(frozen=True)
class Verified:
    """A signature that fits: whose, and when it says it was made (POSIX seconds; None where it says nothing)."""

    name: str
    key_id: int
    time: int | None
    signature: Signature


@dataclass(frozen=True)
class OpenedNote:
    """A note that at least one known key has signed."""

    text: str
    verified: Sequence[Verified]
    unknown: Sequence[Signature] = field(default_factory=tuple)

    def by(self, verifier: Verifier) -> Verified | None:
        """The signature of this verifier's key, if the note bears one."""
        return next((v for v in self.verified if (v.name, v.key_id) == (verifier.name, verifier.key_id)), None)


@dataclass(frozen=True)
class NoteVerifier:
    """Checks the ordinary signatures (type 0x01) of one key."""

    name: str
    key: Ed25519PublicKey

    def __post_init__(self) -> None:
        _check_name(self.name)

    @property
    def key_id(self) -> int:
        """The key's short identifier, as C2SP computes it."""
        return _key_id(self.name, ED25519, self.key.public_bytes_raw())

    def vkey(self) -> str:
        """The verifier key as text: `name+id+base64`."""
        return _vkey(self.name, ED25519, self.key)

    @classmethod
    def parse(cls, vkey: str) -> NoteVerifier:
        """Read a verifier key from its text.

        Raises:
            NoteError: it is none, or of another kind.
        """
        return cls(*_parse_vkey(vkey, ED25519))

    def verify(self, text: str, value: bytes) -> None:
        """Check a signature's bytes over a note's text."""
        _verify(self.key, value, text.encode(), self.name)


@dataclass(frozen=True)
class NoteSigner:
    """Signs notes with one key, under one name."""

    name: str
    key: Ed25519PrivateKey = field(repr=False)

    @property
    def verifier(self) -> NoteVerifier:
        """What checks this signer's signatures."""
        return NoteVerifier(self.name, self.key.public_key())

    def sign(self, text: str) -> Signature:
        """Sign a note's text."""
        return Signature(self.name, self.verifier.key_id, self.key.sign(text.encode()))


@dataclass(frozen=True)
class CosignatureVerifier:
    """Checks the timestamped cosignatures (type 0x04) of one witness."""

    name: str
    key: Ed25519PublicKey

    def __post_init__(self) -> None:
        _check_name(self.name)

    @property
    def key_id(self) -> int:
        """The key's short identifier, as C2SP computes it."""
        return _key_id(self.name, COSIGNATURE, self.key.public_bytes_raw())

    def vkey(self) -> str:
        """The verifier key as text: `name+id+base64`."""
        return _vkey(self.name, COSIGNATURE, self.key)

    @classmethod
    def parse(cls, vkey: str) -> CosignatureVerifier:
        """Read a verifier key from its text.

        Raises:
            NoteError: it is none, or of another kind.
        """
        return cls(*_parse_vkey(vkey, COSIGNATURE))

    def verify(self, text: str, value: bytes) -> int:
        """Check a cosignature's bytes over a checkpoint's text; the time it was made, in POSIX seconds."""
        moment = int.from_bytes(value[:8], "big")
        if len(value) != 72 or moment >= 1 << 63:
            raise NoteError(_("the cosignature of {name} has no right form", name=self.name))
        _verify(self.key, value[8:], _cosigned(text, moment), self.name)
        return moment


@dataclass(frozen=True)
class Cosigner:
    """Cosigns checkpoints with one key, under one name, and says when.

    Args:
        name: the witness's name.
        key: a key that serves this alone.
        clock: POSIX seconds.
    """

    name: str
    key: Ed25519PrivateKey = field(repr=False)
    clock: Callable[[], float] = time.time

    @property
    def verifier(self) -> CosignatureVerifier:
        """What checks this cosigner's cosignatures."""
        return CosignatureVerifier(self.name, self.key.public_key())

    def sign(self, text: str) -> Signature:
        """Cosign a checkpoint's text now."""
        moment = int(self.clock())
        value = moment.to_bytes(8, "big") + self.key.sign(_cosigned(text, moment))
        return Signature(self.name, self.verifier.key_id, value)


def parse_vkeys(text: str) -> list[NoteVerifier]:
    """The verifier keys of a text, one a line; where a key was rotated, the newest is the last.

    Raises:
        NoteError: there is none, or a line is none.
    """
    return [NoteVerifier.parse(line) for line in text.strip().split("\n")]


def sign_note(text: str, *signers: Signer) -> str:
    """A note with this text, signed by each of `signers`.

    Raises:
        NoteError: the text is no note's text.
    """
    _check_text(text)
    return text + "\n" + "".join(signer.sign(text).line() for signer in signers)


def add_signature(note: str, signature: Signature) -> str:
    """The note with one more signature line, unless it bears that key's signature already."""
    _text, present = parse_note(note)
    if any((each.name, each.key_id) == (signature.name, signature.key_id) for each in present):
        return note
    return note + signature.line()


def open_note(note: str | bytes, verifiers: Iterable[Verifier]) -> OpenedNote:
    """Read a note that at least one of `verifiers` has signed.

    Raises:
        NoteError: it has no right form, a known key's signature does not fit, or no known key has signed it.
    """
    text, signatures = parse_note(note)
    known = {(each.name, each.key_id): each for each in verifiers}
    verified: list[Verified] = []
    unknown: list[Signature] = []
    for each in signatures:
        verifier = known.get((each.name, each.key_id))
        if verifier is None:
            unknown.append(each)
        elif not any((v.name, v.key_id) == (each.name, each.key_id) for v in verified):
            verified.append(Verified(each.name, each.key_id, verifier.verify(text, each.value), each))
    if not verified:
        wanted = ", ".join(sorted({name for name, _id in known})) or "-"
        raise NoteError(
            _("no known key has signed this note"),
            advice=_("it should bear a signature of: {names}", names=wanted),
        )
    return OpenedNote(text, tuple(verified), tuple(unknown))


def parse_note(note: str | bytes) -> tuple[str, list[Signature]]:
    """A note's text and its signature lines, nothing verified yet.

    Raises:
        NoteError: it has no right form.
    """
    if len(note) > MAX_NOTE:
        raise NoteError(_("the note is longer than {limit} bytes", limit=MAX_NOTE))
    if isinstance(note, bytes):
        try:
            note = note.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NoteError(_("the note is not UTF-8 text")) from error
    text, blank, signed = note.rpartition("\n\n")
    if not blank or not signed.endswith("\n"):
        raise NoteError(_("the note has no signatures: it ends in an empty line and one signature a line"))
    text += "\n"
    _check_text(text)
    lines = signed[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(_("the note has more than {limit} signatures", limit=MAX_SIGNATURES))
    return text, [parse_signature(line + "\n") for line in lines]


def parse_signature(line: str) -> Signature:
    """Read one signature line, with its newline.

    Raises:
        NoteError: it has no right form.
    """
    name, _space, encoded = line.removeprefix(DASH).removesuffix("\n").partition(" ")
    try:
        value = base64.b64decode(encoded.encode("ascii"), validate=True)
    except (ValueError, UnicodeEncodeError):
        value = b""
    if not line.startswith(DASH) or not line.endswith("\n") or len(value) <= 4:
        raise NoteError(_("this is no signature line of a note"), where=line.strip()[:80])
    _check_name(name)
    return Signature(name, int.from_bytes(value[:4], "big"), value[4:])


def _verify(key: Ed25519PublicKey, signature: bytes, message: bytes, name: str) -> None:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise NoteError(_("the signature of {name} does not fit this note", name=name)) from None


def _cosigned(text: str, moment: int) -> bytes:
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def _key_id(name: str, kind: int, key: bytes) -> int:
    return int.from_bytes(sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4], "big")


def _vkey(name: str, kind: int, key: Ed25519PublicKey) -> str:
    raw = key.public_bytes_raw()
    return f"{name}+{_key_id(name, kind, raw):08x}+{b64(bytes([kind]) + raw)}"


def _parse_vkey(vkey: str, kind: int) -> tuple[str, Ed25519PublicKey]:
    name, _plus, rest = vkey.strip().partition("+")
    identifier, _plus, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded.encode("ascii"), validate=True)
    except (ValueError, UnicodeEncodeError):
        raw = b""
    if len(raw) != 33:
        raise NoteError(_("this is no verifier key"), where=vkey.strip()[:80])
    if raw[0] != kind:
        raise NoteError(_("this verifier key is of another kind"), where=name)
    if identifier != f"{_key_id(name, kind, raw[1:]):08x}":
        raise NoteError(_("the verifier key's identifier does not fit its name and key"), where=name)
    return name, Ed25519PublicKey.from_public_bytes(raw[1:])


def _check_name(name: str) -> None:
    if not name or "+" in name or any(each.isspace() or each < " " for each in name):
        raise NoteError(_("a key's name is not empty and has no space and no plus sign"), where=name[:80])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(each < " " and each != "\n" for each in text):
        raise NoteError(_("a note's text ends in a newline and has no control characters"))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoteError(_("the note is not UTF-8 text")) from error
