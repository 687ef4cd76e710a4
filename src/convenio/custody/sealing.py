"""Sealing of single contents: AES-256-GCM under a key of their own, bound to their number."""

from __future__ import annotations

import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


def sealed(content: bytes, key: bytes, number: str) -> bytes:
    """A content under a key, bound to a number: nonce and ciphertext."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, number.encode())


def unsealed(content: bytes, key: bytes, number: str) -> Any:
    """The JSON value that was sealed.

    Raises:
        InvalidTag: another key or number, or it was changed.
        ValueError: what was sealed is no JSON.
    """
    return json.loads(AESGCM(key).decrypt(content[:NONCE], content[NONCE:], number.encode()))
