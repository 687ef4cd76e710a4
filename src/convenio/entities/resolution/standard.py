"""Records made comparable: what resolution compares, from the columns of `PersonRow`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.entities.identifiers import kind
from convenio.entities.name_keys import NameParts, birth_date, name_parts
from convenio.entities.names import lists
from convenio.entities.resolution.order import in_order
from convenio.entities.spanish_sound import plain_words, sound

SCHEMA = pa.schema(
    [
        pa.field("unique_id", pa.string(), nullable=False),
        pa.field("source_dataset", pa.string(), nullable=False),
        *(
            pa.field(name, pa.string())
            for name in (
                "given",
                "given_first",
                "given_second",
                "given_letter",
                "paterno",
                "materno",
                "birth",
                "birth_turned",
                "sex",
                "curp",
                "rfc",
                "passport",
                "phone",
                "address",
            )
        ),
        pa.field("paterno_known", pa.int64(), nullable=False),
        pa.field("materno_known", pa.int64(), nullable=False),
    ]
)
"""Names as they sound; `*_known` how many per million bear the surname in Mexico;
`birth` as YYYYMMDD, `birth_turned` with day and month exchanged where that is a date."""

MOST_SHARED = 100
"""An identifier, a telephone or an address that more records of one source share is an office's, or a filler."""

COLUMNS = ("name", "given", "paterno", "materno", "birth_date", "sex", "curp", "rfc", "passport", "phone", "address")
_COMMON = frozenset({"MARIA", "JOSE"})
_SEX = {"F": "F", "M": "M", "H": "M", "FEMALE": "F", "MALE": "M", "MUJER": "F", "HOMBRE": "M", "FEMENINO": "F"}


def standard(table: pa.Table, source: str) -> pa.Table:
    """The records of one source, ready to be compared.

    Args:
        table: any of the columns of `PersonRow`; `record_id`, where it is there, is unique and not empty.
        source: name of the source.

    Returns:
        One row per record by `SCHEMA`, in the same order. Identifiers that are malformed or stand for many, and
        whatever more than a hundred records share, are null. A birth date and a sex that are missing are taken from
        a well-formed CURP, the date also from an RFC.

    Raises:
        InputError: no column that resolution can use, or a record identifier that is empty or stands twice.
    """
    held = [name for name in COLUMNS if name in table.column_names]
    if not {"name", "given", "paterno", "curp", "rfc", "passport"} & set(held):
        raise InputError(
            _("there is no name and no identifier to tell people apart by"),
            where=source,
            advice=_("columns that are read: {columns}", columns=", ".join(COLUMNS)),
        )
    ids = _ids(table, source)
    values = [table.column(name).to_pylist() for name in held]
    rows = (dict(zip(held, row, strict=True)) for row in zip(*values, strict=True))
    sexes = _sexes(table)
    made = [
        {"unique_id": each, "source_dataset": source, **_row(row, sexes)} for each, row in zip(ids, rows, strict=True)
    ]
    for name in ("curp", "rfc", "passport", "phone", "address"):
        counts = Counter(row[name] for row in made if row[name])
        shared = {value for value, count in counts.items() if count > MOST_SHARED}
        for row in made if shared else ():
            row[name] = None if row[name] in shared else row[name]
    return pa.Table.from_pylist(made, schema=SCHEMA)


def _ids(table: pa.Table, source: str) -> list[str]:
    if "record_id" not in table.column_names:
        return [str(number) for number in range(1, table.num_rows + 1)]
    ids = [None if each is None else str(each) for each in table.column("record_id").to_pylist()]
    seen: set[str] = set()
    for row, each in enumerate(ids, start=1):
        if not each or each in seen:
            what = _("the record {id} stands here twice", id=each) if each else _("the record has no identifier")
            raise InputError(
                what,
                where=_("{source}, row {row}", source=source, row=row),
                advice=_("give each row its own, or leave the column out: rows are numbered then"),
            )
        seen.add(each)
    return [each for each in ids if each]


def _sexes(table: pa.Table) -> Mapping[str, str]:
    """What the letters of a sex column mean: beside an `H` (hombre), `M` is mujer; with `F` too, it is unclear."""
    letters = (
        {str(each).strip().upper() for each in table.column("sex").unique().to_pylist()}
        if ("sex" in table.column_names)
        else set()
    )
    if "H" not in letters:
        return _SEX
    known = {name: sex for name, sex in _SEX.items() if name != "M"}
    return known if "F" in letters else {**known, "M": "F"}


def _row(record: Mapping[str, Any], sexes: Mapping[str, str]) -> dict[str, str | int | None]:
    parts = _parts(record)
    given = [word for word in parts.given if word not in _COMMON] or list(parts.given)
    paterno, materno = _surnames(record, parts.surnames)
    curp = _identifier("curp", record)
    told = kind("curp").parts(curp) if curp else {}
    birth = birth_date(record)
    rfc = _identifier("rfc", record)
    date = birth.strftime("%Y%m%d") if birth else told.get("birth_date", "").replace("-", "") or _rfc_date(rfc)
    sex = sexes.get(str(record.get("sex") or "").strip().upper())
    return {
        "given": " ".join(sound(word) for word in parts.given) or None,
        "given_first": sound(given[0]) if given else None,
        "given_second": sound(given[1]) if len(given) > 1 else None,
        "given_letter": given[0][:1] if given else None,
        "paterno": _joined(paterno),
        "materno": _joined(materno),
        "paterno_known": _known(paterno),
        "materno_known": _known(materno),
        "birth": date,
        "birth_turned": date[:4] + date[6:] + date[4:6] if date and date[6:] <= "12" else None,
        "sex": sex or {"H": "M", "M": "F"}.get(told.get("sex", "")),
        "curp": curp,
        "rfc": rfc,
        "passport": _identifier("passport", record),
        "phone": _phone(record),
        "address": _address(record),
    }


def _parts(record: Mapping[str, Any]) -> NameParts:
    """The name of a record; where it stands in one piece without a comma, the words tell which are surnames."""
    whole = record.get("name")
    if not isinstance(whole, str) or "," in whole or any(record.get(each) for each in ("given", "paterno", "materno")):
        return name_parts(record)
    return in_order(plain_words(whole))


def _surnames(record: Mapping[str, Any], words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of both surnames; from the record's own columns where it has them."""
    if record.get("paterno") or record.get("materno"):
        return plain_words(record.get("paterno") or ""), plain_words(record.get("materno") or "")
    return words[:1], words[1:]


def _known(words: tuple[str, ...]) -> int:
    """How many per million bear a surname in Mexico, of its rarest word; 0 where the list does not have it."""
    return min((lists.surnames().get(word, 0) for word in words), default=0)


def _joined(words: tuple[str, ...]) -> str | None:
    return " ".join(sound(word) for word in words) or None


def _identifier(name: str, record: Mapping[str, Any]) -> str | None:
    held = record.get(name)
    if not isinstance(held, str) or not held.strip():
        return None
    found = kind(name)
    try:
        return found.match_key(found.clean(held))
    except InputError:
        return None


def _rfc_date(rfc: str | None) -> str | None:
    """The birth date in a person's RFC, for years from 1930 on; those from 00 to 29 leave the century open."""
    if rfc is None or len(rfc) == 12 or rfc[4:6] < "30":
        return None
    return "19" + rfc[4:10]


def _phone(record: Mapping[str, Any]) -> str | None:
    digits = re.sub(r"\D", "", str(record.get("phone") or ""))
    return digits[-10:] if len(digits) >= 10 and len(set(digits[-10:])) > 1 else None


def _address(record: Mapping[str, Any]) -> str | None:
    """Street, number and postal code without words that are left out at will."""
    words = plain_words(re.sub(r"\d", " ", str(record.get("address") or "")))
    numbers = re.findall(r"\d+", str(record.get("address") or ""))
    kept = [word for word in words if word not in _STREET]
    return " ".join(sorted(numbers) + kept[:2]) if numbers and kept else None


_STREET = frozenset("CALLE AVENIDA AV AVE CARR COLONIA COL NUM NO INT EXT STREET ST AVENUE ROAD RD LANE LN".split())  # noqa: SIM905
