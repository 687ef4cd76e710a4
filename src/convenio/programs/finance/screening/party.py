"""A customer as screening compares it: name taken apart, birth date, identifiers, and the facts written into those."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.entities.comparison import state_code
from convenio.entities.comparison.identifier import told_by_curp
from convenio.entities.names import person, person_of
from convenio.entities.names.broken import whole
from convenio.entities.names.company import CompanyName, company
from convenio.entities.names.person import PersonName
from convenio.files.dates import Unfit, in_numbers, orders, read_date
from convenio.programs.finance.screening.two_people import separate_people

COLUMNS = (
    "customer_id", "name", "given", "paterno", "materno", "kind", "birth_date", "birth_state", "sex", "curp", "rfc",
    "passport",
)  # fmt: skip
_COMPANIES = frozenset({"company", "organization", "legalentity", "empresa", "persona moral", "moral"})


@dataclass(frozen=True)
class Party:
    """One customer, ready to compare.

    Args:
        id: the customer's number.
        name: as it is shown.
        parsed: every name it bears; more than one where a field holds two people.
        is_person: False for companies.
        birth_date: from its own column, else from the CURP.
        state: the state of birth's code, from its own column, else from the CURP.
        sex: from its own column, else from the CURP.
        curp, rfc, passport: as given.
    """

    id: str
    name: str
    parsed: tuple[PersonName | CompanyName, ...]
    is_person: bool = True
    birth_date: dt.date | None = None
    state: str = ""
    sex: str = ""
    curp: str = ""
    rfc: str = ""
    passport: str = ""


def party(row: Mapping[str, Any]) -> Party:
    """A customer from a row with any of the columns of `Customer`.

    Raises:
        InputError: the row has no name, or a birth date that does not exist.
    """
    given, paterno, materno = (_text(row, each) for each in ("given", "paterno", "materno"))
    name = _text(row, "name")
    id_ = _text(row, "customer_id")
    is_person = _text(row, "kind").lower() not in _COMPANIES
    shown = name or " ".join(each for each in (given, paterno, materno) if each)
    if not shown:
        raise InputError(
            _("customer {id} has no name", id=id_ or "?"), advice=_("fill in name, or given, paterno and materno")
        )
    parsed: tuple[PersonName | CompanyName, ...]
    if not is_person:
        parsed = (company(shown),)
    elif given and paterno:
        parsed = (person_of(given, paterno, materno),)
    else:
        parsed = tuple(person(each) for each in separate_people(whole(shown)))
    curp = _text(row, "curp")
    told = told_by_curp(curp) if curp else None
    return Party(
        id=id_,
        name=shown,
        parsed=parsed,
        is_person=is_person,
        birth_date=_date(row.get("birth_date"), id_) or (told.birth_date if told else None),
        state=state_code(_text(row, "birth_state")) or (told.state if told else ""),
        sex=_text(row, "sex") or (told.sex if told else ""),
        curp=curp,
        rfc=_text(row, "rfc"),
        passport=_text(row, "passport"),
    )


def parties(table: pa.Table, *, chunk: int = 20_000) -> Iterator[Party]:
    """The customers of a table, in its order, a chunk at a time."""
    held = table.select([each for each in COLUMNS if each in table.column_names])
    for batch in held.to_batches(max_chunksize=chunk):
        for row in batch.to_pylist():
            yield party(row)


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).strip()


def _date(value: Any, id_: str) -> dt.date | None:
    """A birth date; where day and month could be either, the day comes first, as in Mexico.

    A date that was meant the other way round still speaks for a match: turned dates are one of the slips weighed.
    """
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value).strip()
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        pass
    try:
        both = all(orders(text)) and in_numbers(text)
        return read_date(text, "dmy" if both else None)
    except Unfit as error:
        raise InputError(
            _("the birth date of customer {id} cannot be read: {why}", id=id_ or "?", why=error.why),
            advice=_("write it as year-month-day, or leave it empty if it is not known"),
        ) from error
