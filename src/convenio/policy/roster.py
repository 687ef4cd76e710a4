"""Rosters: the keys of a party's node and of its officers, signed by the party's authority.

A roster is versioned and only grows newer. A key that was revoked stays in it with the moment of its revocation, so
that what it signed before can still be read; a signature that is brought forward after the revocation is refused,
whatever date it bears.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, Field, ValidationError, model_validator

from convenio.core.canonical import b64, canonical, unb64
from convenio.core.errors import Conflict, InputError
from convenio.core.unfit import why
from convenio.core.words import _
from convenio.policy.agreement import SignatureDoesNotFit, key_name
from convenio.policy.clause import Code, Part

DOMAIN = b"convenio roster v1\n"
SHORTEST = 12
KeyKind = Literal["node", "envelope", "ledger", "cosigner", "tls"]
CredentialKind = Literal["ed25519", "webauthn"]
Document = TypeVar("Document", bound=Part)
CLOCKS = dt.timedelta(minutes=10)
"""How far two nodes' clocks may lie apart: as far as an envelope may have been sent in the future."""

Public = Annotated[str, Field(min_length=16, max_length=8192)]


class NodeKey(Part):
    """A key of the node: what it is for, its public half in base64, and from when until when it is good."""

    kind: KeyKind
    public: Public
    not_before: AwareDatetime
    revoked_at: AwareDatetime | None = None

    def good(self, at: dt.datetime) -> bool:
        """Whether the key is good at a moment; a new key is good for a clock that is a little behind its maker's."""
        return self.not_before - CLOCKS <= at and (self.revoked_at is None or at < self.revoked_at)


class OfficerEntry(Part):
    """A person's own credential: whose it is, in which agency and roles, and from when until when it is good."""

    credential: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    person: Annotated[str, Field(min_length=1, max_length=64)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    agency: Annotated[str, Field(min_length=1, max_length=64)]
    roles: tuple[Code, ...]
    kind: CredentialKind
    public: Public
    not_before: AwareDatetime
    revoked_at: AwareDatetime | None = None


class Roster(Part):
    """A party's roster.

    Args:
        party: whose.
        version: 1, then more with every change.
        issued_at: when it was written.
        keys: keys of its node, oldest first within a kind.
        officers: credentials of its officers.
    """

    party: Code
    version: Annotated[int, Field(ge=1)]
    issued_at: AwareDatetime
    keys: Annotated[tuple[NodeKey, ...], Field(min_length=1, max_length=200)]
    officers: Annotated[tuple[OfficerEntry, ...], Field(max_length=20_000)] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Roster:
        held = [each.credential for each in self.officers]
        if len(set(held)) != len(held):
            raise ValueError("a credential stands here twice")
        return self

    def public_keys(self, kind: str, at: dt.datetime) -> list[str]:
        """The keys of a kind that are good at a moment, base64, oldest first."""
        return [each.public for each in self.keys if each.kind == kind and each.good(at)]

    def officer(self, credential: str, at: dt.datetime, *, included: dt.datetime) -> OfficerEntry | None:
        """The officer behind a credential.

        Args:
            credential: the credential's name.
            at: when it signed, as the signature says.
            included: when the signature was brought forward; a revocation before this counts, whatever `at` says.
        """
        for each in self.officers:
            if each.credential == credential:
                fits = each.not_before - CLOCKS <= min(at, included)
                revoked = each.revoked_at is not None and each.revoked_at <= max(at, included)
                return each if fits and not revoked else None
        return None


Officer = OfficerEntry


class SignedRoster(Part):
    """A roster with its authority's signature; reading one does not mean that it fits (`verify_roster`)."""

    roster: Roster
    key: str
    signature: str

    def text(self) -> str:
        """The signed roster as a JSON file."""
        return self.model_dump_json(indent=2) + "\n"


def signed_bytes(roster: Roster) -> bytes:
    """What an authority signs: the RFC 8785 form of the roster."""
    return DOMAIN + canonical(roster.model_dump(mode="json"))


def sign_roster(roster: Roster, authority_key: Ed25519PrivateKey) -> SignedRoster:
    """The roster with its authority's signature."""
    return SignedRoster(
        roster=roster,
        key=key_name(authority_key.public_key()),
        signature=b64(authority_key.sign(signed_bytes(roster))),
    )


def verify_roster(signed: SignedRoster, authority: Ed25519PublicKey, *, previous: SignedRoster | None = None) -> Roster:
    """The roster, once its signature fits and it is newer than the one before.

    Raises:
        SignatureDoesNotFit: it is not signed by this authority, or was changed afterwards.
        Conflict: it is older than the one that is known, another of the same version, or a revoked key is good again.
    """
    try:
        authority.verify(unb64(signed.signature), signed_bytes(signed.roster))
    except (InvalidSignature, InputError) as error:
        raise SignatureDoesNotFit(
            _("the signature under the roster of {party} does not fit", party=signed.roster.party),
            advice=_("compare the authority's fingerprint out of band; ask for the roster again"),
            kept=_("nothing was changed"),
        ) from error
    if previous is None or previous == signed:
        return signed.roster
    before = previous.roster
    if signed.roster.version <= before.version:
        raise Conflict(
            _("roster {version} is known here; this is {other}", version=before.version, other=signed.roster.version),
            where=signed.roster.party,
            advice=_("a newer roster has a higher version"),
            kept=_("nothing was changed"),
        )
    now_good = {public for public, revoked_at in _every(signed.roster) if revoked_at is None}
    again = [public for public, revoked_at in _every(before) if revoked_at is not None and public in now_good]
    if again:
        raise Conflict(
            _("a key that was revoked cannot be good again"),
            where=signed.roster.party,
            advice=_("make a new key; the revoked one may be in other hands"),
            kept=_("nothing was changed"),
        )
    return signed.roster


def _every(roster: Roster) -> list[tuple[str, dt.datetime | None]]:
    """Every public key of a roster, and when it was revoked."""
    keys = [(each.public, each.revoked_at) for each in roster.keys]
    return keys + [(each.public, each.revoked_at) for each in roster.officers]


def revoked(roster: Roster, names: list[str], at: dt.datetime) -> tuple[Roster, list[str]]:
    """The next version of a roster, in which keys or credentials are revoked from a moment on.

    Args:
        roster: the roster.
        names: credentials' names, or beginnings (at least 12 characters) of public keys.
        at: the moment.

    Returns:
        The roster to be signed, and what was revoked.

    Raises:
        InputError: a name fits nothing, or more than one thing.
    """
    told: list[str] = []
    keys, officers = list(roster.keys), list(roster.officers)
    for name in names:
        in_keys = [i for i, each in enumerate(keys) if len(name) >= SHORTEST and each.public.startswith(name)]
        in_officers = [i for i, each in enumerate(officers) if each.credential == name]
        if len(in_keys) + len(in_officers) != 1:
            raise InputError(
                _("{name} names {count} keys of this roster", name=name, count=len(in_keys) + len(in_officers)),
                where=roster.party,
                advice=_("give a credential's whole name, or more of the public key"),
                kept=_("nothing was changed"),
            )
        for i in in_keys:
            keys[i] = keys[i].model_copy(update={"revoked_at": at})
            told.append(f"{keys[i].kind} {keys[i].public[:24]}")
        for i in in_officers:
            officers[i] = officers[i].model_copy(update={"revoked_at": at})
            told.append(f"{officers[i].name} {officers[i].credential}")
    made = roster.model_copy(
        update={"keys": tuple(keys), "officers": tuple(officers), "version": roster.version + 1, "issued_at": at}
    )
    return made, told


def read_roster(path: Path) -> Roster:
    """A roster that is not signed yet, from its JSON file.

    Raises:
        InputError: it is none.
    """
    return _read(Roster, path)


def read_signed_roster(path: Path) -> SignedRoster:
    """A signed roster from its JSON file; the signature is not checked here.

    Raises:
        InputError: it is none.
    """
    return _read(SignedRoster, path)


def _read(model: type[Document], path: Path) -> Document:
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(
            _("this file cannot be read: {why}", why=error.strerror or str(error)), where=str(path)
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "-"
        raise InputError(
            _("this is no roster: {place}: {why}", place=place, why=why(first)), where=str(path)
        ) from error
