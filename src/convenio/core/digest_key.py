"""A key of a node's own, for digests of what findings were made from."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

SIZE = 32


def digest_key(folder: Path) -> bytes:
    """The key that lies in a folder; made when it is first needed, whole, and by one alone.

    It is written beside its place and then linked to it: who looks at the same time, in whichever process, finds either
    no key or all of it, and of two who make one only the first one's is kept.

    Args:
        folder: where it lies, as `digest.key`, readable by its owner alone.

    Returns:
        32 bytes.
    """
    path = folder / "digest.key"
    if not path.exists():
        handle, made = tempfile.mkstemp(prefix=".digest-", dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SIZE))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        Path(made).unlink()
    return path.read_bytes()
