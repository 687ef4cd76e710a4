"""The drill: a node is lost, and comes back from its archive and its keys."""

import datetime as dt
import io
import json
import sqlite3
import tarfile

import pyarrow as pa
import pytest

from convenio.cli.archive import read_manifest, restore_backup, write_backup
from convenio.cli.start import ADMINISTRATOR, found
from convenio.core.errors import ConvenioError, InputError
from convenio.custody.holdings import Purpose
from convenio.node.node import open_node

AT = dt.datetime(2021, 10, 8, tzinfo=dt.UTC)
ROWS = pa.table({"name": ["María Elena Torres Salas", "Luis Ibáñez"], "n": [1, 2]})


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A node of its own with records of one agency."""
    folder = tmp_path_factory.mktemp("node") / "home"
    found(folder, "us", 18_731, 18_732)
    node = open_node(folder)
    analyst = node.people.add(
        "ana", "correct horse battery", full_name="Ana", agency="own", roles=["analyst"], language="en"
    )
    del analyst
    node.holdings.collect(
        ROWS, actor=node.people.person("ana"), record_type="person", category="missing", title="people"
    )
    node.close()
    return folder


@pytest.fixture
def archive(home, tmp_path):
    write_backup(home, tmp_path / "b.tar", at=AT)
    return tmp_path / "b.tar"


def read(folder):
    node = open_node(folder)
    try:
        (held,) = node.holdings.all()
        return node.holdings.rows(held.id, actor=node.people.person("ana"), purpose=Purpose("search", "C-1"))
    finally:
        node.close()


def test_day_one_makes_a_node_with_one_administrator_who_can_sign_in(tmp_path):
    password = found(tmp_path / "home", "mx", 18_741, 18_742)
    node = open_node(tmp_path / "home")
    assert node.people.person(ADMINISTRATOR).roles == {"administrator"}
    assert node.settings.party == "mx"
    assert len(password) >= 12
    node.close()
    with pytest.raises(ConvenioError, match="not empty"):
        found(tmp_path / "home", "mx", 18_741, 18_742)


def test_a_node_that_is_lost_comes_back_with_its_keys(home, archive, tmp_path):
    manifest = restore_backup(archive, tmp_path / "again", keys=home / "keys")
    assert manifest["party"] == "us"
    assert read(tmp_path / "again").equals(ROWS)
    assert (tmp_path / "again").stat().st_mode & 0o077 == 0


def test_no_key_and_no_name_is_in_a_backup(home, archive):
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert not [each for each in names if each.startswith("keys")]
    content = archive.read_bytes()
    assert "María Elena".encode() not in content
    for key in (home / "keys").rglob("*"):
        if key.is_file() and 32 <= key.stat().st_size < 10_000:
            assert key.read_bytes() not in content
    assert archive.stat().st_mode & 0o077 == 0


def test_without_keys_the_data_is_there_and_the_node_does_not_open(archive, tmp_path):
    restore_backup(archive, tmp_path / "again")
    assert list((tmp_path / "again" / "tables").iterdir())
    with pytest.raises(ConvenioError):
        open_node(tmp_path / "again")


def test_what_is_written_during_a_backup_leaves_it_consistent(home, tmp_path):
    node = open_node(home)
    with sqlite3.connect(home / "node.db") as writer:
        writer.execute("begin immediate")
        writer.execute("insert into mark values ('half', '2021-10-08 00:00:00')")
        write_backup(home, tmp_path / "b.tar", at=AT)
        writer.rollback()
    writer.close()
    node.close()
    restore_backup(tmp_path / "b.tar", tmp_path / "again", keys=home / "keys")
    held = sqlite3.connect(tmp_path / "again" / "node.db")
    assert held.execute("select count(*) from mark where name = 'half'").fetchone() == (0,)
    assert held.execute("pragma integrity_check").fetchone() == ("ok",)
    held.close()


def test_a_border_ledger_that_comes_back_is_held(home, tmp_path):
    folder = home / "ledger" / "border-mx"
    folder.mkdir()
    (folder / "journal").write_bytes(b"")
    try:
        write_backup(home, tmp_path / "b.tar", at=AT)
    finally:
        (folder / "journal").unlink()
        folder.rmdir()
    restore_backup(tmp_path / "b.tar", tmp_path / "again")
    assert any(each.read_bytes() == b"restored\n" for each in (tmp_path / "again" / "ledger" / "border-mx").iterdir())


def rewritten(archive, path, change):
    """The archive with its members changed."""
    with tarfile.open(archive) as old, tarfile.open(path, "w") as new:
        for member in old.getmembers():
            name, content = change(member.name, old.extractfile(member).read())
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return path


def manifest_with(**more):
    def change(name, content):
        return (
            (name, json.dumps({**json.loads(content), **more}).encode()) if name == "manifest.json" else (name, content)
        )

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (manifest_with(convenio_backup=2), "newer"),
        (manifest_with(version="99.0.0"), "99.0.0, newer"),
        (manifest_with(files={}), "manifest says"),
        (lambda name, content: (name, content + b"x" if name == "node.toml" else content), "damaged"),
        (lambda name, content: ("../node.toml" if name == "node.toml" else name, content), "manifest says"),
    ],
)
def test_a_backup_that_cannot_be_trusted_is_refused_and_leaves_nothing(archive, tmp_path, change, why):
    with pytest.raises(InputError, match=why):
        restore_backup(rewritten(archive, tmp_path / "changed.tar", change), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_database_of_a_newer_version_is_refused_and_leaves_nothing(home, tmp_path):
    node_db = home / "node.db"
    with sqlite3.connect(node_db) as held:
        (before,) = held.execute("select version_num from alembic_version").fetchone()
        held.execute("update alembic_version set version_num = '9999'")
    held.close()
    try:
        write_backup(home, tmp_path / "b.tar", at=AT)
    finally:
        with sqlite3.connect(node_db) as held:
            held.execute("update alembic_version set version_num = ?", (before,))
        held.close()
    with pytest.raises(ConvenioError, match="another version"):
        restore_backup(tmp_path / "b.tar", tmp_path / "again", keys=home / "keys")
    assert not (tmp_path / "again").exists()


def test_other_files_and_other_places_are_refused(home, archive, tmp_path):
    (tmp_path / "no.tar").write_bytes(b"nothing")
    with pytest.raises(InputError, match="no whole backup"):
        read_manifest(tmp_path / "no.tar")
    with pytest.raises(InputError, match="inside"):
        write_backup(home, home / "b.tar", at=AT)
    with pytest.raises(InputError, match="no node"):
        write_backup(tmp_path, tmp_path / "x.tar", at=AT)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    with pytest.raises(ConvenioError, match="not empty"):
        restore_backup(archive, tmp_path / "full")
    assert (tmp_path / "full" / "file").read_text() == "mine"
    with pytest.raises(ConvenioError, match="key folder"):
        restore_backup(archive, tmp_path / "again", keys=tmp_path / "none")
    assert not (tmp_path / "again").exists()
