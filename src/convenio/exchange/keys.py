"""A node's own keys: made once, kept in one folder that no data backup contains.

`node` signs envelopes and receipts, `envelope` opens what is sealed to this node, `ledger` signs checkpoints,
`cosigner` countersigns the peer's, `tls` is the node's face on the wire. Their public halves go into the roster that
the party's authority signs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mlkem, x25519
from cryptography.x509.oid import NameOID

from convenio.core.canonical import b64, unb64
from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _

SIGNING = ("node", "ledger", "cosigner")
TLS_DAYS = 825
MLKEM_PUBLIC_BYTES = 1184


@dataclass(frozen=True)
class NodeKeys:
    """The private keys of one node; `other_envelopes` open what was sealed before or after a key gave way."""

    node: ed25519.Ed25519PrivateKey
    ledger: ed25519.Ed25519PrivateKey
    cosigner: ed25519.Ed25519PrivateKey
    envelope: hpke.MLKEM768X25519PrivateKey
    envelope_public: bytes
    tls_key: Path
    tls_certificate: Path
    other_envelopes: tuple[hpke.MLKEM768X25519PrivateKey, ...] = ()

    def public(self) -> dict[str, str]:
        """The public halves by kind, as a roster lists them: base64, the certificate as DER."""
        certificate = x509.load_pem_x509_certificate(self.tls_certificate.read_bytes())
        return {
            "node": b64(self.node.public_key().public_bytes_raw()),
            "ledger": b64(self.ledger.public_key().public_bytes_raw()),
            "cosigner": b64(self.cosigner.public_key().public_bytes_raw()),
            "envelope": b64(self.envelope_public),
            "tls": b64(certificate.public_bytes(serialization.Encoding.DER)),
        }


def key_id(public: bytes) -> str:
    """A short name for a public key: the first half of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:32]


def create_keys(folder: Path, party: str, now: dt.datetime) -> NodeKeys:
    """Make a node's keys in an empty folder.

    Raises:
        ConvenioError: keys are there already; they are never replaced.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.glob("*.pem")):
        raise ConvenioError(
            _("there are keys in this folder already"),
            where=str(folder),
            advice=_("a new node needs a folder of its own; to replace a key: convenio node rotate"),
            kept=_("nothing was changed"),
        )
    for kind in SIGNING:
        write_key(folder / f"{kind}.pem", pem_of(ed25519.Ed25519PrivateKey.generate()))
    write_key(folder / "envelope-x25519.pem", pem_of(x25519.X25519PrivateKey.generate()))
    write_key(folder / "envelope-mlkem.seed", mlkem.MLKEM768PrivateKey.generate().private_bytes_raw())
    tls = ec.generate_private_key(ec.SECP256R1())
    write_key(folder / "tls.pem", pem_of(tls))
    write_key(folder / "tls.crt", certificate_of(tls, party, now))
    return load_keys(folder)


def load_keys(folder: Path) -> NodeKeys:
    """Read a node's keys.

    Raises:
        ConvenioError: a key is missing or cannot be read.
    """
    try:
        signing = {kind: _signing(folder / f"{kind}.pem") for kind in SIGNING}
        envelope, public = load_envelope(folder)
        (folder / "tls.crt").read_bytes()
    except (OSError, ValueError, TypeError) as error:
        raise ConvenioError(
            _("a key of this node cannot be read: {why}", why=str(error)),
            where=str(folder),
            advice=_("restore the key folder from the key backup; a data backup does not contain it"),
        ) from error
    return NodeKeys(
        node=signing["node"],
        ledger=signing["ledger"],
        cosigner=signing["cosigner"],
        envelope=envelope,
        envelope_public=public,
        tls_key=folder / "tls.pem",
        tls_certificate=folder / "tls.crt",
    )


def load_envelope(folder: Path) -> tuple[hpke.MLKEM768X25519PrivateKey, bytes]:
    """The envelope key in a folder, and its public half.

    Raises:
        OSError, ValueError, TypeError: it is not there, or is none.
    """
    short = serialization.load_pem_private_key((folder / "envelope-x25519.pem").read_bytes(), None)
    long = mlkem.MLKEM768PrivateKey.from_seed_bytes((folder / "envelope-mlkem.seed").read_bytes())
    if not isinstance(short, x25519.X25519PrivateKey):
        raise TypeError("envelope-x25519.pem")
    public = long.public_key().public_bytes_raw() + short.public_key().public_bytes_raw()
    return hpke.MLKEM768X25519PrivateKey(long, short), public


def envelope_key(public: str) -> hpke.MLKEM768X25519PublicKey:
    """A peer's envelope key from the form its roster holds.

    Raises:
        InputError: it is no such key.
    """
    held = unb64(public)
    try:
        return hpke.MLKEM768X25519PublicKey(
            mlkem.MLKEM768PublicKey.from_public_bytes(held[:MLKEM_PUBLIC_BYTES]),
            x25519.X25519PublicKey.from_public_bytes(held[MLKEM_PUBLIC_BYTES:]),
        )
    except ValueError as error:
        raise InputError(_("this is no envelope key")) from error


def signing_key(public: str) -> ed25519.Ed25519PublicKey:
    """An Ed25519 public key from base64.

    Raises:
        InputError: it is no such key.
    """
    try:
        return ed25519.Ed25519PublicKey.from_public_bytes(unb64(public))
    except ValueError as error:
        raise InputError(_("this is no Ed25519 key")) from error


def _signing(path: Path) -> ed25519.Ed25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise TypeError(path.name)
    return key


def pem_of(key: ed25519.Ed25519PrivateKey | x25519.X25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as PEM; the folder it goes to is the node's own."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write_key(path: Path, content: bytes) -> None:
    """Write a key's file, for its owner alone, synced; one that is there is never replaced."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def certificate_of(key: ec.EllipticCurvePrivateKey, party: str, now: dt.datetime) -> bytes:
    """The self-signed certificate of a node's TLS key; what makes it trusted is the roster that names it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"convenio node {party}")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=TLS_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
