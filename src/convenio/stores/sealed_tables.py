"""Tables of person-level rows as Parquet under keys (Parquet modular encryption, AES-GCM)."""

from __future__ import annotations

import base64
import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from convenio.core.errors import ConvenioError
from convenio.core.words import _

MASTER = "file"
NONCE = 12


class _OneKey(pe.KmsClient):  # type: ignore[misc]
    """Wraps a file's data keys under the one key that custody handed over."""

    def __init__(self, config: pe.KmsConnectionConfig) -> None:
        pe.KmsClient.__init__(self)
        self._key = AESGCM(base64.b64decode(config.custom_kms_conf[MASTER]))

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> str:
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + self._key.encrypt(nonce, key_bytes, master_key_identifier.encode())).decode()

    def unwrap_key(self, wrapped_key: str | bytes, master_key_identifier: str) -> bytes:
        held = base64.b64decode(wrapped_key)
        return self._key.decrypt(held[:NONCE], held[NONCE:], master_key_identifier.encode())


def write_sealed(table: pa.Table, path: Path, key: bytes) -> None:
    """Write a table under a 32-byte key; whole or not at all."""
    factory, connection = pe.CryptoFactory(_OneKey), _connection(key)
    settings = pe.EncryptionConfiguration(
        footer_key=MASTER, uniform_encryption=True, encryption_algorithm="AES_GCM_V1", data_key_length_bits=256
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        properties = factory.file_encryption_properties(connection, settings)
        with pq.ParquetWriter(part, table.schema, encryption_properties=properties, compression="zstd") as writer:
            writer.write_table(table)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ConvenioError(
            _("the table could not be written: {why}", why=str(error)),
            where=str(path),
            advice=_("is the disk full?"),
            kept=_("nothing was stored"),
        ) from error


def read_sealed(path: Path, key: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a sealed table, or some of its columns.

    Raises:
        ConvenioError: the file is gone or damaged, or the key does not fit.
    """
    properties = pe.CryptoFactory(_OneKey).file_decryption_properties(
        _connection(key), pe.DecryptionConfiguration(cache_lifetime=dt.timedelta(minutes=5))
    )
    try:
        with pq.ParquetFile(path, decryption_properties=properties) as file:
            return file.read(columns=None if columns is None else list(columns))
    except (OSError, InvalidTag, pa.ArrowException) as error:
        raise ConvenioError(
            _("a stored table cannot be read: {why}", why=(str(error).splitlines() or [type(error).__name__])[0][:160]),
            where=path.name,
            advice=_("restore the data folder and the key folder from the same moment"),
        ) from error


def _connection(key: bytes) -> pe.KmsConnectionConfig:
    return pe.KmsConnectionConfig(custom_kms_conf={MASTER: base64.b64encode(key).decode()})
