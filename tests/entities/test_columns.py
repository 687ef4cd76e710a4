"""What the columns of a file about people hold."""

import pyarrow as pa

from convenio.entities.columns import Columns
from convenio.entities.people import PersonRow

ROWS = [
    {"record_id": "a", "rfc": "XXXXXXXXXXXX", "phone": "55 1234 5678"},
    {"record_id": "b", "rfc": "XAXX010101000", "curp": "HEGG560427MVZRRL04"},
    {"record_id": "c", "curp": "HEGG560427MVZRRL05"},
    {"record_id": "d"},
]


def test_what_is_no_identifier_is_counted_and_told_with_its_record():
    table = pa.Table.from_pylist(ROWS, schema=PersonRow.arrow_schema())
    seen = Columns()
    seen.see(table, {"record_id": "id", "rfc": "RFC", "curp": "CURP", "phone": "tel"})
    assert {name: (each.filled, each.misfits, each.generic) for name, each in seen.by_field.items()} == {
        "record_id": (4, None, 0),
        "rfc": (2, 1, 1),
        "curp": (2, 1, 0),
        "phone": (1, None, 0),
    }
    assert [(each.record, each.field) for each in seen.misfits] == [("a", "rfc"), ("c", "curp")]
    assert "check digit" in str(seen.misfits[1].why)


def test_a_look_checks_so_many_identifiers_and_says_so():
    table = pa.Table.from_pylist(ROWS, schema=PersonRow.arrow_schema())
    seen = Columns(most=4)
    for _time in range(3):
        seen.see(table, {"rfc": "RFC"})
    assert (seen.rows, seen.by_field["rfc"].filled, seen.by_field["rfc"].misfits) == (12, 6, 1)
    assert not seen.looked_at_all
