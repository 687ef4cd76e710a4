"""Records in their compartments: one entry per act, whatever kills the node, and no agency in another's."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pyarrow as pa
import pytest
from sqlalchemy import select

from convenio.core.errors import ConvenioError, InputError, NotFound, Refused
from convenio.custody.holdings import Purpose
from convenio.people.accounts import Person
from convenio.stores.tables import Dataset, Intent
from tests.custody import killed
from tests.custody.killed import ANA, AT, TABLE, Opened

WHY = Purpose("search", "C-1")
BETO = Person("beto", "Beto", "fgr", frozenset({"analyst"}), "es")
CHIEF = Person("chief", "Chief", "uif", frozenset({"supervisor"}), "es")
DAY = dt.timedelta(days=1)


@pytest.fixture
def held(tmp_path):
    made = Opened(tmp_path)
    yield made
    made.close()


def collected(held, title="first"):
    return held.holdings.collect(TABLE, actor=ANA, record_type="person", category="missing", title=title)


def entries(held):
    with held.store.reading() as session:
        return [(each.kind, each.actor) for each in session.scalars(select(Intent).order_by(Intent.id))]


def test_each_act_leaves_exactly_one_entry(held):
    made = collected(held)
    held.holdings.rows(made.id, actor=ANA, purpose=WHY)
    held.holdings.alter(made.id, 1, {"name": "Luisa"}, actor=ANA, reason="misspelt")
    list(held.holdings.derive([made], columns=["name"], purpose=WHY))
    held.holdings.consent(made.id, "fgr", actor=CHIEF, reason="a joint case", until=AT + DAY)
    held.holdings.erase(made.id, actor=ANA, reason="its term")
    assert entries(held) == [
        ("collected", "ana"),
        ("consulted", "ana"),
        ("altered", "ana"),
        ("combined", "node"),
        ("disclosed", "chief"),
        ("erased", "ana"),
    ]


def test_what_is_refused_changes_nothing_and_leaves_no_entry(held):
    made = collected(held)
    for act, error in (
        (lambda: held.holdings.rows(made.id, actor=ANA, purpose=Purpose("search", " ")), InputError),
        (lambda: held.holdings.alter(made.id, 7, {"name": "x"}, actor=ANA, reason="because"), InputError),
        (lambda: held.holdings.alter(made.id, 0, {"name": "x"}, actor=ANA, reason=" "), InputError),
        (lambda: held.holdings.erase(made.id, actor=ANA, reason=" "), InputError),
        (lambda: held.holdings.consent(made.id, "fgr", actor=ANA, reason="x", until=AT + DAY), Refused),
        (lambda: held.holdings.consent(made.id, "fgr", actor=CHIEF, reason=" ", until=AT + DAY), InputError),
        (lambda: held.holdings.consent(made.id, "uif", actor=CHIEF, reason="x", until=AT + DAY), InputError),
        (lambda: held.holdings.consent(made.id, "fgr", actor=CHIEF, reason="x", until=AT), InputError),
    ):
        with pytest.raises(error):
            act()
    assert entries(held) == [("collected", "ana")]
    assert held.holdings.rows(made.id, actor=ANA, purpose=WHY).equals(TABLE)


def test_another_agency_cannot_open_change_erase_or_consent_and_reads_while_it_may(held, tmp_path):
    made = collected(held)
    other_chief = Person("jefa", "Jefa", "fgr", frozenset({"supervisor"}), "es")
    for act in (
        lambda: held.holdings.rows(made.id, actor=BETO, purpose=WHY),
        lambda: held.holdings.alter(made.id, 0, {"name": "x"}, actor=BETO, reason="because"),
        lambda: held.holdings.erase(made.id, actor=BETO, reason="because"),
        lambda: held.holdings.consent(made.id, "fgr", actor=other_chief, reason="because", until=AT + DAY),
        lambda: held.holdings.require_own([made.id], BETO),
    ):
        with pytest.raises(NotFound):
            act()
    held.holdings.consent(made.id, "fgr", actor=CHIEF, reason="a joint case", until=AT + DAY)
    assert held.holdings.rows(made.id, actor=BETO, purpose=WHY).equals(TABLE)
    with pytest.raises(NotFound):
        held.holdings.alter(made.id, 0, {"name": "x"}, actor=BETO, reason="because")
    later = Opened(tmp_path, AT + DAY)
    with pytest.raises(NotFound):
        later.holdings.rows(made.id, actor=BETO, purpose=WHY)
    later.close()


def test_a_consent_that_is_taken_back_is_over_at_once_and_leaves_one_entry(held):
    made = collected(held)
    held.holdings.consent(made.id, "fgr", actor=CHIEF, reason="a joint case", until=AT + DAY)
    assert held.holdings.consents(made.id, actor=CHIEF) == {"fgr": AT + DAY}
    before = entries(held)
    with pytest.raises(NotFound):
        held.holdings.end_consent(made.id, "sat", actor=CHIEF, reason="the case is over")
    assert held.holdings.rows(made.id, actor=BETO, purpose=WHY).equals(TABLE)
    held.holdings.end_consent(made.id, "fgr", actor=CHIEF, reason="the case is over")
    assert entries(held) == [*before, ("consulted", "beto"), ("unshared", "chief")]
    assert held.holdings.consents(made.id, actor=CHIEF) == {}
    with pytest.raises(NotFound):
        held.holdings.rows(made.id, actor=BETO, purpose=WHY)


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_who_administers_or_audits_reads_nothing_of_their_own_agency(held, role):
    made = collected(held)
    with pytest.raises(Refused):
        held.holdings.rows(made.id, actor=Person("x", "X", "uif", frozenset({role}), "es"), purpose=WHY)


@pytest.fixture(scope="module")
def deaths(tmp_path_factory):
    """Folders as kills at every step of every act left them, by the act."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "before").mkdir()
    before = Opened(folder / "before")
    collected(before)
    before.close()
    subprocess.run([sys.executable, killed.__file__, folder], check=True, timeout=600)
    found = {}
    for each in sorted(folder.iterdir()):
        found.setdefault(each.name.partition("-")[0], []).append(each)
    return found


def settled(folder):
    """The node after its next start, once it has cleared what was left: holdings, and all that can be opened."""
    held = Opened(folder, AT + DAY)
    held.holdings.tidy()
    assert held.holdings.tidy() == 0
    with held.store.reading() as session:
        live = session.scalars(select(Dataset).where(Dataset.erased_at.is_(None))).all()
        every = session.scalars(select(Dataset)).all()
    assert {each.name for each in (folder / "tables").iterdir()} == {each.file for each in live}
    assert all(held.keys.has(each.key) == (each in live) for each in every)
    names = held.keys._held.execute("select name from held").fetchall()
    assert {name for (name,) in names} == {each.key for each in live}
    return held


@pytest.mark.parametrize(
    ("act", "kind", "states"),
    [
        ("collect", "collected", ([["María", "Luis"]], [["María", "Luis"]] * 2)),
        ("alter", "altered", ([["María", "Luis"]], [["María", "Luisa"]])),
        ("erase", "erased", ([["María", "Luis"]], [])),
        ("consult", "consulted", ([["María", "Luis"]], [["María", "Luis"]])),
    ],
)
def test_a_kill_at_any_step_loses_and_doubles_nothing(deaths, act, kind, states):
    seen = []
    for folder in deaths[act]:
        held = settled(folder)
        done = [each for each, _actor in entries(held)][1:]
        assert done in ([], [kind])
        rows = [
            held.holdings.rows(each.id, actor=ANA, purpose=WHY).column("name").to_pylist()
            for each in held.holdings.all()
        ]
        assert rows == states[len(done)]
        seen.append(len(done))
        held.close()
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == 1
    assert len(seen) >= 3


def test_what_another_process_is_about_to_finish_is_left_alone(held, tmp_path, monkeypatch):
    plain, counts = killed.module.write_sealed, []

    def slowly(table, path, key):
        plain(table, path, key)
        other = Opened(tmp_path)
        counts.append(other.holdings.tidy())
        other.close()

    monkeypatch.setattr(killed.module, "write_sealed", slowly)
    made = collected(held)
    assert counts == [0]
    assert held.holdings.rows(made.id, actor=ANA, purpose=WHY).equals(TABLE)


def test_a_table_that_an_older_database_does_not_know_is_left_alone(held, tmp_path):
    made = collected(held)
    with held.store.transaction() as session:
        session.delete(session.get(Dataset, made.id))
    (path,) = (tmp_path / "tables").iterdir()
    later = Opened(tmp_path, AT + 100 * DAY)
    assert later.holdings.tidy() == 0
    later.close()
    assert path.exists()
    assert held.keys.has(f"dataset/{made.id}")


def test_a_table_that_cannot_be_written_leaves_nothing(held, tmp_path, monkeypatch):
    def full(_table, path, _key):
        path.with_suffix(".part").write_bytes(b"half")
        raise ConvenioError(killed.module.KEPT)

    monkeypatch.setattr(killed.module, "write_sealed", full)
    (tmp_path / "tables").mkdir()
    with pytest.raises(ConvenioError):
        collected(held)
    assert list((tmp_path / "tables").iterdir()) == []
    with held.store.reading() as session:
        assert session.scalars(select(Dataset)).all() == []
    assert entries(held) == []


def test_a_large_table_is_read_by_columns_and_a_damaged_one_is_told(held, tmp_path):
    made = held.holdings.collect(
        pa.table({"a": list(range(1000)), "b": ["x"] * 1000}), actor=ANA, record_type="t", category="c", title="t"
    )
    assert held.holdings.rows(made.id, actor=ANA, purpose=WHY, columns=["a"]).column_names == ["a"]
    (path,) = (tmp_path / "tables").iterdir()
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ConvenioError, match="cannot be read"):
        held.holdings.rows(made.id, actor=ANA, purpose=WHY)
