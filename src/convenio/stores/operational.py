"""The operational store: SQLite by default, PostgreSQL for a server; the same tables, the same tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from convenio.core.errors import ConvenioError, Unreachable
from convenio.core.words import _

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_SECONDS = 30


class Store:
    """One node's operational database.

    Args:
        url: an SQLAlchemy address: `sqlite:///…/node.db` or `postgresql+psycopg://…`.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._reading = self.engine.execution_options(reading=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends and takes everything back when it raises.

        On SQLite the write lock is taken at once, so that two writers wait for each other instead of failing at the
        first change.

        Raises:
            Unreachable: the database does not answer, or is locked for longer than half a minute.
        """
        try:
            with self._sessions.begin() as session:
                yield session
        except OperationalError as error:
            raise _unreachable(error) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; nothing is committed."""
        try:
            with self._sessions(bind=self._reading) as session:
                yield session
        except OperationalError as error:
            raise _unreachable(error) from error

    def migrate(self) -> None:
        """Bring the tables to the newest version.

        Raises:
            ConvenioError: the database was written by a newer Convenio.
        """
        from alembic import command
        from alembic.util import CommandError

        try:
            with self.engine.begin() as connection:
                config = _alembic()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            raise ConvenioError(
                _("this database was written by another version of Convenio: {why}", why=str(error)),
                where=_shown(self.url),
                advice=_("run the version that wrote it, or a newer one"),
                kept=_("nothing was changed"),
            ) from error
        except OperationalError as error:
            raise _unreachable(error) from error

    def version(self) -> str | None:
        """The migration the tables are at; None for an empty database."""
        from alembic.runtime.migration import MigrationContext

        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def answers(self) -> bool:
        """Whether the database can be read."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("select 1"))
        except DBAPIError:
            return False
        return True

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("pragma journal_mode=wal")
        cursor.execute("pragma synchronous=full")
        cursor.execute("pragma foreign_keys=on")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("begin" if reading else "begin immediate")

    return engine


def _alembic() -> Config:
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _unreachable(error: OperationalError) -> Unreachable:
    return Unreachable(
        _("the database did not answer: {why}", why=str(error.orig).strip().splitlines()[0]),
        advice=_("is the server up, is the disk full, does another program hold the file?"),
        kept=_("nothing was changed"),
    )
