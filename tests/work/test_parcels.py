"""Parcels: what a job needs lies sealed, and is gone with its key."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from convenio.core.errors import NotFound
from convenio.custody.keystore import KeyStore
from convenio.work.parcels import Parcels

TABLE = pa.table({"name": ["María del Carmen Ñuño"]})
DAY = dt.timedelta(days=1)


class Clock:
    def __init__(self):
        self.at = dt.datetime(2021, 10, 6, 12, tzinfo=dt.UTC)

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(tmp_path):
    made = KeyStore(tmp_path / "keys" / "keys.db")
    yield made
    made.close()


@pytest.fixture
def parcels(keys, tmp_path, clock):
    return Parcels(keys, tmp_path / "parcels", clock)


def test_a_parcel_comes_back_whole_and_nothing_of_it_can_be_read_on_the_disk(parcels, tmp_path):
    parcels.put("a1", {"people": TABLE}, {"note": "del Carmen"})
    assert parcels.tables("a1") == {"people": TABLE}
    assert parcels.notes("a1")["note"] == "del Carmen"
    for each in (tmp_path / "parcels").rglob("*"):
        if each.is_file():
            assert b"Carmen" not in each.read_bytes()


def test_a_copy_of_the_data_without_the_keys_reads_nothing(parcels, tmp_path, clock):
    parcels.put("a1", {"people": TABLE}, {})
    others = KeyStore(tmp_path / "others.db")
    with pytest.raises(NotFound):
        Parcels(others, tmp_path / "parcels", clock).tables("a1")
    others.close()


def test_a_parcel_is_gone_after_its_day_and_its_key_with_the_next(parcels, keys, clock):
    parcels.put("a1", {"people": TABLE}, {})
    clock.at += DAY
    with pytest.raises(NotFound, match="not kept any more"):
        parcels.tables("a1")
    assert keys.has("parcel/a1")
    parcels.put("a2", {}, {})
    assert not keys.has("parcel/a1")
    assert parcels.sweep() == 0
    assert parcels.notes("a2")


@pytest.mark.parametrize("number", ["../keys", "a/b", "", "A", "x" * 65])
def test_a_number_does_not_lead_out_of_the_folder(parcels, number):
    with pytest.raises(NotFound):
        parcels.tables(number)


def test_what_was_dropped_is_gone(parcels, keys):
    parcels.put("a1", {"people": TABLE}, {})
    parcels.drop("a1")
    assert not keys.has("parcel/a1")
    with pytest.raises(NotFound):
        parcels.notes("a1")
