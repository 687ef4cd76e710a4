"""Agreements: one document in two languages, signed by the authority of every party.

What is signed is the RFC 8785 form of the document as it was written: fields that were left out stay out, so that a
field which a later version of Convenio adds does not break an older signature.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field, ValidationError, model_validator

from convenio.core.canonical import b64, canonical, unb64
from convenio.core.errors import InputError, Refused
from convenio.core.words import _
from convenio.policy.clause import Clause, Code, Part, Words, after, in_order, instant
from convenio.policy.reading import Misfit, read_yaml, told

DOMAIN = b"convenio agreement v1\n"
PublicKey = Ed25519PublicKey | bytes


class SignatureDoesNotFit(InputError):
    """A signature that is not over this document by the key it should be by."""


class SignatureMissing(InputError):
    """A party has not signed."""


class NotInForce(Refused):
    """An agreement that is not yet, or no longer, in force."""


class Party(Part):
    """A sovereign party and its agencies."""

    id: Code
    name: Words
    agencies: dict[Code, Words] = Field(default_factory=dict)


class Amends(Part):
    """What an agreement amends: the version before it, and why.

    Args:
        version: number of the version before.
        digest: `agreement_digest` of the version before.
        reason: why it was amended.
        agreed_on: the day the parties agreed to it.
    """

    version: Annotated[int, Field(ge=1)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    reason: Words
    agreed_on: dt.date


class Agreement(Part):
    """What the parties agreed.

    Args:
        id: short name.
        version: 1, then one more for every amendment.
        title: heading.
        parties: two or more.
        valid_from: first day (UTC).
        valid_until: last day (UTC).
        clauses: its permissions; what no clause permits is forbidden.
        amends: the version before, from the second on.
    """

    id: Code
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    title: Words
    parties: Annotated[tuple[Party, ...], Field(min_length=2, max_length=50)]
    valid_from: dt.date
    valid_until: dt.date
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1, max_length=200)]
    amends: Amends | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Agreement:
        in_order(self.valid_from, self.valid_until)
        names = [each.id for each in self.parties]
        for kind, ids in (("parties", names), ("clauses", [each.id for each in self.clauses])):
            twice = next((each for each in ids if ids.count(each) > 1), None)
            if twice is not None:
                raise Misfit(_("{name} stands here twice", name=twice), field=kind)
        agencies = {agency for party in self.parties for agency in party.agencies}
        for clause in self.clauses:
            for party in clause.for_parties or ():
                if party not in names:
                    raise Misfit(_("clause {clause}: {party} is no party", clause=clause.id, party=party))
            for agency in clause.askers.agencies:
                if agency not in agencies:
                    raise Misfit(
                        _("clause {clause}: no party has the agency {agency}", clause=clause.id, agency=agency)
                    )
        if (self.amends is None) != (self.version == 1):
            raise Misfit(_("every version after the first, and only those, says what it amends"), field="amends")
        if self.amends is not None and self.amends.version != self.version - 1:
            raise Misfit(_("an amendment follows the version before it"), field="amends")
        return self

    def clause(self, name: str) -> Clause | None:
        """The clause called `name`, None where there is none."""
        return next((each for each in self.clauses if each.id == name), None)

    def in_force(self, at: dt.datetime) -> bool:
        """Whether `at` lies within the agreement's days."""
        return instant(self.valid_from) <= at < after(self.valid_until)


class Signature(Part):
    """One party's signature: by which key (half of its SHA-256, in hexadecimal), and the signature in base64."""

    party: Code
    key: str
    signature: str


class SignedAgreement(Part):
    """An agreement with the signatures it bears; reading one does not mean that they fit (`verify_signed`)."""

    document: Agreement
    signatures: tuple[Signature, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The agreement's digest."""
        return agreement_digest(self.document)

    def text(self) -> str:
        """The signed agreement as a JSON file."""
        return self.model_dump_json(indent=2, exclude_unset=True) + "\n"


def read_agreement(source: Path | str) -> Agreement:
    """An agreement from a YAML or JSON file, or from its text.

    Raises:
        InputError: it does not fit; the error names the clause, the field and the line.
    """
    return _read(Agreement, source)


def read_signed(source: Path | str) -> SignedAgreement:
    """A signed agreement from its JSON file or text. The signatures are not checked here.

    Raises:
        InputError: as `read_agreement`.
    """
    return _read(SignedAgreement, source)


Document = TypeVar("Document", bound=Part)


def _read(model: type[Document], source: Path | str) -> Document:
    value, lines, where = read_yaml(source)
    if not isinstance(value, dict):
        raise InputError(_("this is no agreement: it has no fields"), where=where)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise told(error, value, lines, where) from error


def as_written(agreement: Agreement) -> dict[str, Any]:
    """The agreement as plain values, without what was left out."""
    return agreement.model_dump(mode="json", exclude_unset=True)


def canonical_bytes(agreement: Agreement) -> bytes:
    """The RFC 8785 form of the agreement: what is signed and digested."""
    return canonical(as_written(agreement))


def agreement_digest(agreement: Agreement) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(agreement)).hexdigest()


def raw_public(key: PublicKey) -> bytes:
    """The 32 bytes of an Ed25519 public key."""
    return key if isinstance(key, bytes) else key.public_bytes_raw()


def key_name(key: PublicKey) -> str:
    """The short name of a public key: the first half of its SHA-256, in hexadecimal."""
    return hashlib.sha256(raw_public(key)).hexdigest()[:32]


def sign(agreement: Agreement | SignedAgreement, authority_key: Ed25519PrivateKey, party: str) -> SignedAgreement:
    """The agreement with the signature of `party`'s authority added, or renewed.

    Raises:
        InputError: `party` is no party of the agreement.
    """
    signed = agreement if isinstance(agreement, SignedAgreement) else SignedAgreement(document=agreement)
    document = signed.document
    if party not in {each.id for each in document.parties}:
        raise InputError(_("{party} is no party of {agreement}", party=party, agreement=document.id))
    made = Signature(
        party=party,
        key=key_name(authority_key.public_key()),
        signature=b64(authority_key.sign(DOMAIN + canonical_bytes(document))),
    )
    others = tuple(each for each in signed.signatures if each.party != party)
    return SignedAgreement(document=document, signatures=tuple(sorted((*others, made), key=lambda each: each.party)))


def verify_signed(
    signed: SignedAgreement, authorities: Mapping[str, PublicKey], at: dt.datetime | None = None
) -> Agreement:
    """The agreement, once every party's signature fits and, given `at`, it is in force then.

    Raises:
        SignatureMissing: a party has not signed, or its authority's key is not known here.
        SignatureDoesNotFit: a signature is not by that party's authority over this document.
        NotInForce: the agreement begins later, or has ended.
    """
    agreement = signed.document
    signed_by = {each.party: each for each in signed.signatures}
    strangers = sorted(set(signed_by) - {each.id for each in agreement.parties})
    if strangers or len(signed_by) != len(signed.signatures):
        raise SignatureDoesNotFit(
            _(
                "there is a signature of {party}, which is no party, or one party signed twice",
                party=", ".join(strangers),
            ),
            where=agreement.id,
        )
    message = DOMAIN + canonical_bytes(agreement)
    for party in (each.id for each in agreement.parties):
        if party not in signed_by:
            raise SignatureMissing(
                _("the signature of {party} is missing", party=party),
                where=agreement.id,
                advice=_("its authority signs with: convenio agreement sign"),
            )
        if party not in authorities:
            raise SignatureMissing(
                _("the authority key of {party} is not known here", party=party),
                where=agreement.id,
                advice=_("compare fingerprints out of band, then add the peer's authority key"),
            )
        _check(signed_by[party], authorities[party], message, agreement)
    if at is not None:
        require_in_force(agreement, at)
    return agreement


def _check(made: Signature, key: PublicKey, message: bytes, agreement: Agreement) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(raw_public(key)).verify(unb64(made.signature), message)
    except (InvalidSignature, InputError, ValueError) as error:
        by_other_key = made.key != key_name(key)
        raise SignatureDoesNotFit(
            _("the signature of {party} does not fit", party=made.party),
            where=agreement.id,
            advice=_("it was made by another key, {key}; compare fingerprints", key=made.key[:64])
            if by_other_key
            else _("the document was changed after it was signed; get it again from both authorities"),
            kept=_("the agreement was not taken over"),
        ) from error


def require_in_force(agreement: Agreement, at: dt.datetime) -> None:
    """Refuse an agreement that is not in force at `at`.

    Raises:
        NotInForce: it begins later, or has ended.
    """
    if at < instant(agreement.valid_from):
        raise NotInForce(
            _("the agreement is not yet in force: it begins on {day}", day=agreement.valid_from.isoformat()),
            where=agreement.id,
        )
    if at >= after(agreement.valid_until):
        raise NotInForce(
            _("the agreement is no longer in force: it ended on {day}", day=agreement.valid_until.isoformat()),
            where=agreement.id,
        )
