"""The operational store: one behaviour, two engines."""

import datetime as dt
import sqlite3
import threading

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from convenio.core.errors import ConvenioError, Unreachable
from convenio.stores.base import Table
from convenio.stores.operational import Store
from convenio.stores.tables import Account, Agency, Budget, Intent, Mark, OutboxMessage, Receipt


def agency(name="uif"):
    return Agency(name=name, title_en="Unit", title_es="Unidad «Ñ»")


def account(name, moment, **more):
    told = {
        "full_name": "Ana Peña",
        "agency": "uif",
        "roles": ["analyst", "auditor"],
        "password": "x",
        "created_at": moment,
        "closed_at": None,
        "locked_until": None,
    }
    return Account(name=name, **{**told, **more})


def test_migration_makes_every_declared_table_and_may_run_again(store):
    made = set(inspect(store.engine).get_table_names())
    assert set(Table.metadata.tables) <= made
    first = store.version()
    store.migrate()
    assert store.version() == first is not None


def test_every_declared_column_is_there_with_its_nullability(store):
    found = inspect(store.engine)
    for name, table in Table.metadata.tables.items():
        held = {each["name"]: each["nullable"] for each in found.get_columns(name)}
        assert held == {each.name: each.nullable for each in table.columns}, name


def test_a_database_of_a_newer_version_is_refused_and_left_alone(store):
    with store.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(ConvenioError, match="another version"):
        store.migrate()
    assert store.version() == "9999"


def test_moments_texts_and_documents_come_back_as_they_went(store, moment):
    there = dt.timezone(dt.timedelta(hours=-6))
    with store.transaction() as session:
        session.add(agency())
        session.flush()
        session.add(account("ana", moment.astimezone(there)))
        session.add(
            Intent(
                log="internal",
                kind="collected",
                at=moment,
                actor="ana",
                body={"n": 1, "deep": {"ñ": [1, 2.5, None, True]}},
                content={},
                salt=bytes(range(256)),
                position=None,
            )
        )
    with store.reading() as session:
        held = session.get(Account, "ana")
        assert held.created_at == moment
        assert held.created_at.utcoffset() == dt.timedelta(0)
        assert held.roles == ["analyst", "auditor"]
        assert (held.language, held.failures) == ("en", 0)
        intent = session.scalars(select(Intent)).one()
        assert intent.body == {"n": 1, "deep": {"ñ": [1, 2.5, None, True]}}
        assert intent.salt == bytes(range(256))
        assert session.get(Agency, "uif").title_es == "Unidad «Ñ»"


def test_a_moment_without_a_zone_is_refused(store):
    with pytest.raises(StatementError, match="time zone"), store.transaction() as session:
        session.add(Mark(name="x", at=dt.datetime(2021, 10, 8)))  # noqa: DTZ001 - what is refused


def test_what_raises_leaves_nothing_of_its_transaction(store, moment):
    def broken():
        with store.transaction() as session:
            session.add(Mark(name="x", at=moment))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    with store.reading() as session:
        assert session.get(Mark, "x") is None


def test_reading_commits_nothing(store, moment):
    with store.reading() as session:
        session.add(Mark(name="x", at=moment))
        session.flush()
    with store.reading() as session:
        assert session.get(Mark, "x") is None


def test_keys_are_held_both_ways(store, moment):
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.add(account("ana", moment))
    twice = Mark.__table__.insert().values([{"name": "x", "at": moment}, {"name": "x", "at": moment}])
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.execute(twice)


def outbox(number, moment):
    return OutboxMessage(
        id=f"m{number}-{moment.microsecond}",
        peer="us",
        sequence=number,
        kind="request",
        envelope=b"",
        created_at=moment,
        next_try=moment,
        delivered_at=None,
        trouble=None,
    )


def test_one_sequence_is_given_once(store, moment):
    with store.transaction() as session:
        session.add(outbox(1, moment))
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.add(outbox(1, moment.replace(microsecond=1)))


def test_intents_are_numbered_in_the_order_of_their_commits(store, moment):
    def add(actor):
        with store.transaction() as session:
            session.add(
                Intent(log="internal", kind="k", at=moment, actor=actor, body={}, content={}, salt=b"", position=None)
            )

    for number in range(5):
        add(str(number))
    with store.reading() as session:
        rows = session.execute(select(Intent.id, Intent.actor).order_by(Intent.id)).all()
    assert [actor for _id, actor in rows] == ["0", "1", "2", "3", "4"]
    assert sorted({number for number, _actor in rows}) == [number for number, _actor in rows]


def test_writers_wait_for_each_other_and_lose_nothing(store):
    with store.transaction() as session:
        session.add(Budget(peer="us", clause="c", side="ask", day="2021-10-08", what="keys", used=0))
    key = ("us", "c", "ask", "2021-10-08", "keys")
    faults = []

    def work():
        try:
            for _each in range(10):
                with store.transaction() as session:
                    held = session.get(Budget, key, with_for_update=True)
                    held.used += 1
        except Exception as error:  # noqa: BLE001 - told by the test below
            faults.append(error)

    threads = [threading.Thread(target=work) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    with store.reading() as session:
        assert session.get(Budget, key).used == 40


def test_a_reader_sees_one_state_while_others_write(store, moment):
    with store.transaction() as session:
        session.add(Mark(name="a", at=moment))
    seen = []
    with store.reading() as reading:
        seen.append(reading.scalar(select(func.count()).select_from(Mark)))
        with store.transaction() as session:
            session.add(Mark(name="b", at=moment))
        if store.engine.dialect.name == "sqlite":
            seen.append(reading.scalar(select(func.count()).select_from(Mark)))
            assert seen == [1, 1]
    with store.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Mark)) == 2


def test_large_numbers_fit_where_they_count(store):
    with store.transaction() as session:
        session.add(Budget(peer="us", clause="c", side="ask", day="d", what="keys", used=5_000_000_000))
    with store.reading() as session:
        assert session.scalars(select(Budget.used)).one() == 5_000_000_000


def test_a_document_can_be_looked_into(store, moment):
    with store.transaction() as session:
        for number, allowed in enumerate((True, False)):
            session.add(
                Receipt(
                    id=f"r{number}",
                    at=moment,
                    allowed=allowed,
                    act="match",
                    actor="ana",
                    agreement="a",
                    clause="c",
                    subject="s",
                    body={"clause": "c", "n": number},
                )
            )
    with store.reading() as session:
        assert [each.body["n"] for each in session.scalars(select(Receipt).where(Receipt.allowed.is_(False)))] == [1]


def test_it_answers_until_it_is_gone(store):
    assert store.answers()


@pytest.mark.parametrize("address", ["postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_a_server_that_is_not_there_is_told_without_its_password(address):
    store = Store(address.replace("nobody@", "nobody:secret@"))
    assert not store.answers()
    with pytest.raises(Unreachable) as told, store.transaction() as session:
        session.execute(text("select 1"))
    assert "secret" not in str(told.value)
    store.close()


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "node.db").write_bytes(b"not a database" * 100)
    store = Store(f"sqlite:///{tmp_path / 'node.db'}")
    with pytest.raises((ConvenioError, Exception)) as told:
        store.migrate()
    assert "not a database" in str(told.value)
    store.close()


def test_sqlite_keeps_what_was_acknowledged(tmp_path, moment):
    store = Store(f"sqlite:///{tmp_path / 'node.db'}")
    store.migrate()
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2
        assert connection.exec_driver_sql("pragma foreign_keys").scalar() == 1
    with store.transaction() as session:
        session.add(Mark(name="kept", at=moment))
    other = sqlite3.connect(tmp_path / "node.db")
    assert other.execute("select name from mark").fetchall() == [("kept",)]
    other.close()
    store.close()
