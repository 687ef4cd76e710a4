"""One way to write a thing down, so that two sides sign and digest the same bytes (RFC 8785)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import rfc8785

from convenio.core.errors import InputError
from convenio.core.words import _


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value.

    Raises:
        InputError: the value has no JSON form, a number beyond the exact range, or a text that is not Unicode.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise InputError(_("this has no canonical JSON form: {why}", why=str(error))) from error


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def b64(data: bytes) -> str:
    """Bytes as standard base64 text."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """Bytes from standard base64 text, strictly.

    Raises:
        InputError: the text is no base64.
    """
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, UnicodeEncodeError) as error:
        raise InputError(_("this is no base64 text")) from error
