"""Sealed tables: only the key opens them, and no row shows on disk."""

import os

import pyarrow as pa
import pytest

from convenio.core.errors import ConvenioError
from convenio.stores.sealed_tables import read_sealed, write_sealed

TABLE = pa.table({"name": ["María Elena Torres Salas", None], "n": [1, 2], "tags": [["a"], []]})


@pytest.fixture
def sealed(tmp_path):
    key = os.urandom(32)
    write_sealed(TABLE, tmp_path / "t.parquet", key)
    return tmp_path / "t.parquet", key


def test_what_was_sealed_opens_with_its_key(sealed):
    path, key = sealed
    assert read_sealed(path, key).equals(TABLE)
    assert read_sealed(path, key, ["n"]).to_pylist() == [{"n": 1}, {"n": 2}]


def test_no_name_and_no_heading_stands_on_disk(sealed):
    path, _key = sealed
    content = path.read_bytes()
    assert "María".encode() not in content
    assert b"name" not in content
    assert [each.name for each in path.parent.iterdir()] == ["t.parquet"]


def test_another_key_opens_nothing(sealed):
    path, _key = sealed
    with pytest.raises(ConvenioError, match="cannot be read"):
        read_sealed(path, os.urandom(32))


def test_a_changed_byte_is_noticed(sealed):
    path, key = sealed
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ConvenioError, match="cannot be read"):
        read_sealed(path, key)


def test_a_table_that_is_gone_is_told(tmp_path):
    with pytest.raises(ConvenioError, match="cannot be read"):
        read_sealed(tmp_path / "none.parquet", os.urandom(32))
