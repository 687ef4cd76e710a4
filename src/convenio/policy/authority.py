"""A party's authority: the key that signs agreements and rosters. It is kept offline; no node ever holds it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from convenio.core.canonical import b64, unb64
from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _
from convenio.policy.agreement import key_name

KEY = "authority.pem"
PUBLIC = "authority.json"


@dataclass(frozen=True)
class Authority:
    """What others know of an authority: its party and its public key, whose fingerprint is compared out of band."""

    party: str
    key: Ed25519PublicKey

    @property
    def fingerprint(self) -> str:
        """The key's name in groups of four, to be read out on the telephone."""
        name = key_name(self.key)
        return " ".join(name[i : i + 4] for i in range(0, len(name), 4))


@dataclass(frozen=True)
class AuthorityKey:
    """An authority with its private key."""

    party: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        """The public half."""
        return self.private.public_key()

    @classmethod
    def create(cls, folder: Path, party: str, passphrase: str | None = None) -> AuthorityKey:
        """Make an authority's key in a folder of its own.

        Raises:
            ConvenioError: there is one already; it is never replaced.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (folder / KEY).exists():
            raise ConvenioError(
                _("there is an authority's key in this folder already"),
                where=str(folder),
                advice=_("choose a folder that does not exist yet"),
                kept=_("nothing was changed"),
            )
        made = cls(party, Ed25519PrivateKey.generate())
        protection: serialization.KeySerializationEncryption = (
            serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
        )
        pem = made.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
        with os.fdopen(os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        told = {"party": party, "public": b64(made.public.public_bytes_raw())}
        (folder / PUBLIC).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        return made

    @classmethod
    def load(cls, folder: Path, passphrase: str | None = None) -> AuthorityKey:
        """Read an authority's key.

        Raises:
            InputError: there is none, or the passphrase does not fit.
        """
        known = read_authority(folder / PUBLIC)
        try:
            key = serialization.load_pem_private_key(
                (folder / KEY).read_bytes(), passphrase.encode() if passphrase else None
            )
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                _("the authority's key cannot be read: {why}", why=str(error)),
                where=str(folder / KEY),
                advice=_("is the passphrase right?"),
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError(_("this is no Ed25519 key"), where=str(folder / KEY))
        return cls(known.party, key)


def read_authority(path: Path) -> Authority:
    """An authority's public file.

    Raises:
        InputError: it is none.
    """
    path = path / PUBLIC if path.is_dir() else path
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Authority(str(told["party"]), Ed25519PublicKey.from_public_bytes(unb64(str(told["public"]))))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            _("this is no authority's public file: {why}", why=str(error)),
            where=str(path),
            advice=_("it is authority.json, which convenio authority init writes"),
        ) from error
