"""Where a node's database lies: in its folder, or on a PostgreSQL server; and how it goes from one to the other."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import convenio.work.tables  # noqa: F401 - declares its tables
from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.node.home import Home
from convenio.node.settings import read_settings
from convenio.stores.operational import Store
from convenio.stores.transfer import copy_tables

DATABASE = "node.db"
KEPT = _("nothing was changed")


def copy_server(address: str, copy: Path) -> None:
    """Write one state of a PostgreSQL database as an embedded one, in one file."""
    source, target = Store(address), Store(f"sqlite:///{copy}")
    try:
        copy_tables(source, target)
    finally:
        source.close()
        target.close()
    _folded(copy)


def _folded(database: Path) -> None:
    """An SQLite database as one file, without a log beside it."""
    held = sqlite3.connect(database)
    try:
        held.execute("pragma journal_mode=delete")
    finally:
        held.close()


def move_database(home: Path, address: str) -> dict[str, int]:
    """Bring a node's database from the embedded one to a PostgreSQL server; the node does not serve meanwhile.

    Args:
        home: the node's folder.
        address: an SQLAlchemy address of an empty database.

    Returns:
        Rows by table.

    Raises:
        ConvenioError: the node serves, its database lies elsewhere already, or the server's is not empty.
    """
    settings = read_settings(home)
    if settings.database:
        raise InputError(_("this node's database lies on a server already"), where=str(home), kept=KEPT)
    with Home(home).held():
        source, target = Store(settings.url), Store(address)
        try:
            source.migrate()
            counted = copy_tables(source, target)
        finally:
            source.close()
            target.close()
        settings.model_copy(update={"database": address}).write()
        (home / DATABASE).rename(home / f"{DATABASE}.moved")
    return counted


def fill_server(home: Path, database: str | None) -> None:
    """Bring the embedded database in a restored folder onto the server, where the node is to have one there.

    Args:
        home: the node's folder.
        database: the server's address; where it is not given, the one in the node's settings.

    Raises:
        InputError: the folder holds no database to bring.
        ConvenioError: the server's database is not empty, or does not answer.
    """
    settings = read_settings(home)
    address = settings.database if database is None else database
    if address and not (home / DATABASE).exists():
        raise InputError(
            _("the database is not in this backup"),
            where=DATABASE,
            advice=_("it was written by an older Convenio: restore the database with pg_restore, with that version"),
            kept=KEPT,
        )
    if address:
        source, target = Store(f"sqlite:///{home / DATABASE}"), Store(address)
        try:
            source.migrate()
            copy_tables(source, target)
        finally:
            source.close()
            target.close()
        for each in home.glob(f"{DATABASE}*"):
            each.unlink()
    if address != settings.database:
        settings.model_copy(update={"database": address}).write()
