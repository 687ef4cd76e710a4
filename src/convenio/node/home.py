"""A node's folder: what lies where, made whole or not at all, and held by one process."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convenio.core.errors import Conflict, ConvenioError
from convenio.core.words import _

LOCK = "node.lock"


class Home:
    """The places in a node's folder.

    `keys/` holds the node's own keys and the key store: no data backup contains it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def keys(self) -> Path:
        """The node's private keys."""
        return self.path / "keys"

    @property
    def vault(self) -> Path:
        """The key store: keys that open what custody keeps."""
        return self.path / "keys" / "keys.db"

    @property
    def tables(self) -> Path:
        """Sealed tables."""
        return self.path / "tables"

    @property
    def matches(self) -> Path:
        """Snapshots, points and elements of blind matches."""
        return self.path / "matches"

    @property
    def ledger(self) -> Path:
        """The node's logs, one folder each."""
        return self.path / "ledger"

    @property
    def witness(self) -> Path:
        """What this node knows of the logs it is witness of."""
        return self.path / "witness"

    @property
    def mirror(self) -> Path:
        """Copies of the peers' own logs, kept up to date."""
        return self.path / "mirror"

    @contextmanager
    def made(self) -> Iterator[None]:
        """A new folder: if the block fails, nothing of it is left.

        Raises:
            ConvenioError: something lies there already.
        """
        if self.path.exists() and any(self.path.iterdir()):
            raise ConvenioError(
                _("this folder is not empty"),
                where=str(self.path),
                advice=_("choose a folder that does not exist yet"),
                kept=_("nothing was changed"),
            )
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.chmod(0o700)
            yield
        except BaseException:
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process: two nodes on one folder would write over each other.

        Raises:
            Conflict: another process holds it.
        """
        handle = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                other = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
                raise Conflict(
                    _("another node serves from this folder (process {number})", number=other or "?"),
                    where=str(self.path),
                    advice=_("stop it first, or give this one a folder of its own"),
                    kept=_("nothing was changed"),
                ) from error
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(handle)
