"""A node's own keys give way to new ones, at a moment that both sides know from the roster.

First the new key is made beside the old one (`stage`) and named in the next roster, good from a moment on. When that
roster is signed and taken by both sides and the moment has come, the node takes the new key into use (`activate`); what
was sealed to the old one can still be opened. The roster after that says from when the old key is revoked.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mlkem, x25519

from convenio.core.canonical import b64
from convenio.core.errors import Conflict, InputError, Refused
from convenio.core.words import _
from convenio.exchange.keys import SIGNING, NodeKeys, certificate_of, load_envelope, pem_of, write_key

KINDS = (*SIGNING, "envelope", "tls")
NEXT, RETIRED, FROM = "next", "retired", "from.json"
FILES: Mapping[str, tuple[str, ...]] = {
    **{kind: (f"{kind}.pem",) for kind in SIGNING},
    "envelope": ("envelope-x25519.pem", "envelope-mlkem.seed"),
    "tls": ("tls.pem", "tls.crt"),
}


@dataclass(frozen=True)
class Staged:
    """A key that is made and not yet in use: its public half as a roster lists it, and from when it is good."""

    kind: str
    public: str
    good_from: dt.datetime


def stage(folder: Path, kind: str, party: str, good_from: dt.datetime) -> Staged:
    """Make a new key of a kind beside the one that is in use.

    Raises:
        InputError: there is no such kind.
        Conflict: one is staged already.
    """
    if kind not in KINDS:
        raise InputError(
            _("a node has no key of the kind {kind}", kind=kind), advice=_("it has {kinds}", kinds=", ".join(KINDS))
        )
    place = folder / NEXT / kind
    if place.exists():
        raise Conflict(
            _("a new key of the kind {kind} is waiting already", kind=kind),
            where=str(place),
            advice=_("take it into use, or remove its folder"),
            kept=_("nothing was changed"),
        )
    part = folder / NEXT / f"{kind}.part"
    part.mkdir(parents=True, mode=0o700)
    if kind in SIGNING:
        write_key(part / f"{kind}.pem", pem_of(ed25519.Ed25519PrivateKey.generate()))
    elif kind == "envelope":
        write_key(part / "envelope-x25519.pem", pem_of(x25519.X25519PrivateKey.generate()))
        write_key(part / "envelope-mlkem.seed", mlkem.MLKEM768PrivateKey.generate().private_bytes_raw())
    else:
        key = ec.generate_private_key(ec.SECP256R1())
        write_key(part / "tls.pem", pem_of(key))
        write_key(part / "tls.crt", certificate_of(key, party, good_from))
    made = Staged(kind, _public(part, kind), good_from)
    write_key(part / FROM, json.dumps({"from": good_from.isoformat(), "public": made.public}).encode())
    part.rename(place)
    return made


def staged(folder: Path) -> list[Staged]:
    """The keys that are made and not yet in use."""
    found = []
    for kind in KINDS:
        path = folder / NEXT / kind / FROM
        if path.exists():
            told = json.loads(path.read_text(encoding="utf-8"))
            found.append(Staged(kind, str(told["public"]), dt.datetime.fromisoformat(told["from"])))
    return found


def activate(folder: Path, kind: str, named: list[str], now: dt.datetime) -> Path:
    """Take a staged key into use; the old one is kept apart, to open what was sealed to it.

    Args:
        folder: the key folder of a node that does not serve.
        kind: the kind.
        named: the keys of this kind that the node's roster holds good now.
        now: the time.

    Returns:
        Where the old key lies.

    Raises:
        InputError: none is staged.
        Refused: its moment has not come, or the roster that this node has taken does not name it.
    """
    found = next((each for each in staged(folder) if each.kind == kind), None)
    if found is None:
        raise InputError(_("no new key of the kind {kind} is waiting", kind=kind), where=str(folder / NEXT))
    if now < found.good_from or found.public not in named:
        raise Refused(
            _("this key is not good yet"),
            where=kind,
            advice=_(
                "it is good from {moment}, once both sides have taken the roster that names it",
                moment=found.good_from.isoformat(),
            ),
            kept=_("nothing was changed"),
        )
    old = folder / RETIRED / f"{kind}-{now:%Y%m%dT%H%M%S}"
    old.mkdir(parents=True, mode=0o700)
    place = folder / NEXT / kind
    for name in FILES[kind]:
        if (place / name).exists():  # one that is not there was taken into use before the power failed
            os.link(folder / name, old / name)
            (place / name).replace(folder / name)
    (place / FROM).unlink()
    place.rmdir()
    return old


def with_others(keys: NodeKeys, folder: Path) -> NodeKeys:
    """A node's keys with the envelope keys beside the one in use: those that gave way, and the one that is waiting."""
    places = [*sorted((folder / RETIRED).glob("envelope-*"), reverse=True), folder / NEXT / "envelope"]
    held = [load_envelope(each)[0] for each in places if (each / "envelope-mlkem.seed").exists()]
    return replace(keys, other_envelopes=tuple(held))


def _public(place: Path, kind: str) -> str:
    if kind == "envelope":
        return b64(load_envelope(place)[1])
    if kind == "tls":
        held = x509.load_pem_x509_certificate((place / "tls.crt").read_bytes())
        return b64(held.public_bytes(serialization.Encoding.DER))
    key = serialization.load_pem_private_key((place / f"{kind}.pem").read_bytes(), None)
    assert isinstance(key, ed25519.Ed25519PrivateKey)
    return b64(key.public_key().public_bytes_raw())
