"""A node whose database lies on a server: it moves there, is backed up as of one moment, and comes back."""

import datetime as dt
import tarfile

import pyarrow as pa
import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from convenio.cli.archive import restore_backup, write_backup
from convenio.cli.main import app
from convenio.cli.start import found
from convenio.console.samples import sample_finding
from convenio.core.errors import Conflict, InputError
from convenio.core.finding import Finding
from convenio.custody.holdings import Purpose
from convenio.node.databases import move_database
from convenio.node.home import Home
from convenio.node.node import open_node
from convenio.stores.tables import Account, Intent
from convenio.work.queue import Queue
from tests.stores.conftest import server  # noqa: F401 - fixture

pytestmark = pytest.mark.postgres
AT = dt.datetime(2021, 10, 8, tzinfo=dt.UTC)
ROWS = pa.table({"name": ["María Elena Torres Salas", "Luis Ibáñez"], "n": [1, 2]})


@pytest.fixture
def databases(server):  # noqa: F811
    """Two empty databases on one server."""
    import uuid

    from sqlalchemy import create_engine, text

    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    names = [f"n{uuid.uuid4().hex[:12]}" for _each in range(2)]
    with admin.connect() as connection:
        for each in names:
            connection.execute(text(f"create database {each}"))
    yield [
        server.replace("/postgres?", f"/{each}?") if "?" in server else f"{server.rsplit('/', 1)[0]}/{each}"
        for each in names
    ]
    with admin.connect() as connection:
        for each in names:
            connection.execute(text(f"drop database {each} with (force)"))
    admin.dispose()


@pytest.fixture
def home(tmp_path):
    """A node of its own with an account, records and a finding."""
    folder = tmp_path / "home"
    found(folder, "us", 18_733, 18_734)
    node = open_node(folder)
    node.people.add("ana", "correct horse battery", full_name="Ana Ñ", agency="own", roles=["analyst"], language="es")
    node.holdings.collect(ROWS, actor=node.people.person("ana"), record_type="person", category="missing", title="p")
    Queue(node.store, node.clock).add([sample_finding()], agency="own", by="ana")
    node.close()
    return folder


def state(folder):
    """What a node holds, read through its own doors; reading leaves one entry more."""
    node = open_node(folder)
    try:
        ana = node.people.person("ana")
        (held,) = node.holdings.all()
        rows = node.holdings.rows(held.id, actor=ana, purpose=Purpose("search", "C-1"))
        (finding,) = Queue(node.store, node.clock).all(ana)
        with node.store.reading() as session:
            number = session.scalar(select(func.max(Intent.id)))
            people = session.scalar(select(func.count()).select_from(Account))
        return node.store.engine.dialect.name, rows, finding["id"], number, people, ana.full_name
    finally:
        node.close()


def test_a_node_grows_onto_a_server_and_loses_nothing(home, databases):
    name, rows, finding, number, people, full_name = state(home)
    counted = move_database(home, databases[0])
    assert (name, counted["dataset"], counted["finding"], counted["account"]) == ("sqlite", 1, 1, people)
    assert not (home / "node.db").exists()
    moved = state(home)
    assert moved[0] == "postgresql"
    assert moved[1].equals(rows)
    assert moved[2:] == (finding, number + 1, people, full_name)
    with pytest.raises(InputError, match="server already"):
        move_database(home, databases[1])


def test_a_backup_of_a_server_comes_back_on_another_or_embedded(home, databases, tmp_path):
    move_database(home, databases[0])
    before = state(home)
    write_backup(home, tmp_path / "b.tar", at=AT)
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert "node.db" in tar.getnames()
    with pytest.raises(Conflict, match="not empty"):
        restore_backup(tmp_path / "b.tar", tmp_path / "same", keys=home / "keys")
    assert not (tmp_path / "same").exists()
    restore_backup(tmp_path / "b.tar", tmp_path / "other", keys=home / "keys", database=databases[1])
    assert not (tmp_path / "other" / "node.db").exists()
    restore_backup(tmp_path / "b.tar", tmp_path / "small", keys=home / "keys", database="")
    for folder, engine in (("other", "postgresql"), ("small", "sqlite")):
        after = state(tmp_path / folder)
        assert after[0] == engine
        assert after[1].equals(before[1])
        assert after[2:] == (before[2], before[3] + 1, *before[4:])


def test_a_node_that_serves_is_not_moved(home, databases):
    with Home(home).held(), pytest.raises(Conflict, match="serves from this folder"):
        move_database(home, databases[0])
    assert state(home)[0] == "sqlite"


def test_a_database_with_other_data_is_refused_and_nothing_is_lost(home, databases):
    from sqlalchemy import create_engine, text

    engine = create_engine(databases[0])
    with engine.begin() as connection:
        connection.execute(text("create table account (name text primary key)"))
        connection.execute(text("insert into account values ('x')"))
    engine.dispose()
    answer = CliRunner().invoke(app, ["node", "move", str(home), databases[0]])
    assert answer.exit_code != 0
    assert state(home)[0] == "sqlite"
    assert isinstance(sample_finding(), Finding)
