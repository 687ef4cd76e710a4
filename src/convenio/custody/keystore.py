"""Keys that open what custody keeps. No data backup contains them: to erase a key is to erase what it opens."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

from convenio.core.errors import NotFound
from convenio.core.words import _

KEY_BYTES = 32


class KeyStore:
    """A folder's keys, by name, in one SQLite file whose deleted pages are overwritten."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        self._lock = threading.Lock()
        self._held = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._held.execute("pragma journal_mode=delete")
        self._held.execute("pragma synchronous=full")
        self._held.execute("pragma secure_delete=on")
        self._held.execute("create table if not exists held (name text primary key, key blob not null)")

    def create(self, name: str) -> bytes:
        """A new random key under a name; the one that is there, if there is one."""
        self.put(name, os.urandom(KEY_BYTES), replace=False)
        return self.get(name)

    def put(self, name: str, key: bytes, *, replace: bool = True) -> None:
        """Keep a key."""
        how = "insert or replace" if replace else "insert or ignore"
        with self._lock:
            self._held.execute(f"{how} into held values (?, ?)", (name, key))

    def get(self, name: str) -> bytes:
        """A key by name.

        Raises:
            NotFound: it was erased, or never here.
        """
        with self._lock:
            row = self._held.execute("select key from held where name = ?", (name,)).fetchone()
        if row is None:
            raise NotFound(
                _("what this key opened can no longer be read"),
                where=name,
                advice=_("it was erased at its term, recalled, or this is a copy without its key store"),
            )
        return bytes(row[0])

    def has(self, name: str) -> bool:
        """Whether a key is here."""
        with self._lock:
            return self._held.execute("select 1 from held where name = ?", (name,)).fetchone() is not None

    def erase(self, *names: str) -> int:
        """Erase keys for good; how many were there."""
        with self._lock:
            return sum(self._held.execute("delete from held where name = ?", (each,)).rowcount for each in names)

    def close(self) -> None:
        """Close the file."""
        self._held.close()
