"""Read a file as records of a type, in a stream: rows that do not fit are set aside and told, or stop the reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from convenio.core.errors import InputError
from convenio.core.record import RecordType
from convenio.core.words import Message, _
from convenio.files import mapping as maps
from convenio.files.constraints import Constraints
from convenio.files.conventions import find_conventions
from convenio.files.mapping import Mapping
from convenio.files.once import Once
from convenio.files.opened import Chunk, Opened
from convenio.files.opening import open_file
from convenio.files.options import Options
from convenio.files.problem import Problem, shown
from convenio.files.values import Reader

KEPT_PROBLEMS = 10_000


@dataclass
class Reading:
    """A file read as records of one type.

    Args:
        opened: the file.
        record: the record type.
        mapping: which column serves which field.
        strict: whether the first row that does not fit stops the reading.
        once: the field whose values may stand once only, where one may.
        rows: rows that fit, so far.
        set_aside: rows that do not fit, so far.
        problems: what was wrong with them; the first 10,000.
        notes: what the user should know.
    """

    opened: Opened
    record: type[RecordType]
    mapping: Mapping
    strict: bool = False
    once: Once | None = None
    rows: int = 0
    set_aside: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.opened.path.name

    def batches(self) -> Iterator[pa.Table]:
        """Tables of the record type's Arrow schema, in the file's order.

        Raises:
            InputError: with `strict`, a row does not fit; or a date or number can be read in two ways.
        """
        schema = self.record.arrow_schema()
        options = self.opened.options
        readers = {
            name: Reader(schema.field(name).type, options.date_order, options.decimal or "point")
            for name in self.mapping.columns
        }
        constraints = Constraints(self.record)
        self.opened.problems.clear()
        for chunk in self.opened.chunks(list(self.mapping.columns.values())):
            made = self._records(chunk, schema, readers, constraints)
            if made.num_rows:
                self.rows += made.num_rows
                yield made
        self._take_file_problems()
        self.notes.extend(each for each in self.opened.notes if each not in self.notes)

    def table(self) -> pa.Table:
        """All rows in one table.

        Raises:
            InputError: as `batches`, or not one row fits.
        """
        made = list(self.batches())
        if not made:
            first = self.problems[0] if self.problems else None
            raise InputError(
                _("no row of this file fits {type}", type=self.record.title) if first else _("the file holds no rows"),
                where=first.where(self.name) if first else self.name,
                advice=_first_told(first) if first else None,
                kept=_("nothing was imported"),
            )
        return pa.concat_tables(made)

    def _records(
        self, chunk: Chunk, schema: pa.Schema, readers: Map[str, Reader], constraints: Constraints
    ) -> pa.Table:
        bad: dict[int, Problem] = {}
        columns: dict[str, pa.Array] = {}
        for name, heading in self.mapping.columns.items():
            held = chunk.table.column(heading).combine_chunks()
            held = held.chunk(0) if isinstance(held, pa.ChunkedArray) else held
            columns[name], faults = readers[name].read(held)
            for each in faults:
                number = chunk.rows[each.at].as_py()
                bad.setdefault(each.at, Problem(number, heading, shown(each.value), each.why, each.advice))
        blank = _all_null(list(columns.values()), chunk.table.num_rows)
        for name, heading in self.mapping.columns.items():
            if self.record.model_fields[name].is_required() and not schema.field(name).nullable:
                self._fill_required(name, heading, columns, blank, chunk, bad)
        table = self._completed(schema, columns, chunk.table.num_rows)
        for at, name, why, advice in constraints.broken(table, skip=bad.keys()):
            if not blank[at].as_py():
                heading = self.mapping.columns.get(name, name)
                value = table.column(name)[at].as_py() if name in table.column_names else ""
                bad.setdefault(at, Problem(chunk.rows[at].as_py(), heading, shown(str(value)), why, advice))
        unfit = self._take_file_problems(chunk)
        for at in sorted(bad):
            if bad[at].row not in unfit:
                self._set_aside(bad[at])
        keep = pc.invert(blank)
        if bad or unfit:
            keep = _without(keep, [at for at, row in enumerate(chunk.rows.to_pylist()) if at in bad or row in unfit])
        if self.once is not None and self.once.field in self.mapping.columns:
            keep = _without(keep, self._repeated(self.once, table, chunk.rows, keep))
        return table if pc.all(keep).as_py() else table.filter(keep)

    def _repeated(self, once: Once, table: pa.Table, rows: pa.Array, keep: pa.Array) -> list[int]:
        heading = self.mapping.columns[once.field]
        values = table.column(once.field).combine_chunks()
        places = []
        for at, why, advice in once.broken(values, rows, keep):
            self._set_aside(Problem(rows[at].as_py(), heading, shown(str(values[at].as_py() or "")), why, advice))
            places.append(at)
        return places

    def _fill_required(
        self,
        name: str,
        heading: str,
        columns: dict[str, pa.Array],
        blank: pa.Array,
        chunk: Chunk,
        bad: dict[int, Problem],
    ) -> None:
        empty = pc.and_not(pc.is_null(columns[name]), blank)
        if not pc.any(empty).as_py():
            return
        for at in pc.indices_nonzero(empty).to_pylist():
            if at not in bad:
                bad[at] = Problem(
                    chunk.rows[at].as_py(),
                    heading,
                    "",
                    _("{column} is empty", column=heading),
                    _("a row cannot be without it"),
                )

    def _completed(self, schema: pa.Schema, columns: dict[str, pa.Array], count: int) -> pa.Table:
        arrays = []
        for each in schema:
            held = columns.get(each.name)
            default = None if self.record.model_fields[each.name].is_required() else _default(self.record, each.name)
            if held is None:
                held = pa.array([default] * count, each.type)
            elif held.null_count and default is not None:
                held = pc.fill_null(held, pa.scalar(default, each.type)) if not pa.types.is_list(each.type) else held
            arrays.append(held)
        return pa.Table.from_arrays(arrays, schema=schema)

    def _take_file_problems(self, chunk: Chunk | None = None) -> set[int]:
        """Set aside the rows that the file itself has trouble with, up to the chunk's last; their numbers."""
        last = chunk.rows[-1].as_py() if chunk is not None and len(chunk.rows) else None
        due = [each for each in self.opened.problems if last is None or each.row <= last]
        self.opened.problems[:] = [each for each in self.opened.problems if last is not None and each.row > last]
        taken: set[int] = set()
        for each in due:
            if self._concerns(each) and each.row not in taken:
                taken.add(each.row)
                self._set_aside(each)
        return taken

    def _concerns(self, problem: Problem) -> bool:
        return not problem.column or problem.column in self.mapping.columns.values()

    def _set_aside(self, problem: Problem) -> None:
        if self.strict:
            raise problem.error(self.name)
        self.set_aside += 1
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)


def _all_null(columns: Sequence[pa.Array], count: int) -> pa.Array:
    blank = pa.array([True] * count, pa.bool_())
    for each in columns:
        blank = pc.and_(blank, pc.is_null(each))
        if not pc.any(blank).as_py():
            break
    return blank


def _without(keep: pa.Array, places: Sequence[int]) -> pa.Array:
    """The mask, false at these places too."""
    if not places:
        return keep
    wrong = [False] * len(keep)
    for at in places:
        wrong[at] = True
    return pc.and_not(keep, pa.array(wrong, pa.bool_()))


def _default(record: type[RecordType], name: str) -> object:
    return record.model_fields[name].get_default(call_default_factory=True)


def _beside(path: Path, record: type[RecordType]) -> Mapping | None:
    own = maps.beside(path)
    kept = maps.load(own) if own.exists() else None
    return kept if kept is not None and kept.record_type == record.type_name else None


def open_reading(
    path: Path,
    record: type[RecordType],
    *,
    options: Options | None = None,
    saved: Path | None = None,
    told: Map[str, str] | None = None,
    strict: bool = False,
    once: Once | None = None,
    anew: bool = False,
) -> Reading:
    """Open a file as records of a type.

    The mapping is the saved one where there is one (`saved`, or `FILE.mapping.json` beside the file), else the one
    that its headings propose; what the user says now goes before either.

    Args:
        path: the file.
        record: the record type wanted.
        options: what the user says of the file; goes before what was saved.
        saved: a saved mapping.
        told: heading by field, as the user says; an empty heading leaves the field empty.
        strict: whether the first row that does not fit stops the reading.
        once: the field whose values may stand once only; rows that repeat one are set aside.
        anew: a mapping beside the file that does not fit it is passed over, with a note, instead of refused.

    Raises:
        InputError: the file cannot be read, a saved mapping is for another file, a needed column is missing, or dates
            or numbers can be read in two ways and nobody said which.
    """
    said = options or Options()
    held = maps.load(saved) if saved is not None else _beside(path, record)
    opened = open_file(path, maps.with_options(held, said) if held is not None else said)
    notes: list[Message] = []
    if held is not None and anew and saved is None and not maps.fits(held, opened.headings, record):
        notes.append(_("the mapping that was saved beside the file is for another file; it is made anew"))
        held, opened = None, open_file(path, said)
    if held is not None:
        new = maps.fit(held, opened.headings, record, where=path.name)
        chosen = maps.with_told(held, told or {}, opened.headings, record)
        if new := [each for each in new if each not in chosen.columns.values()]:
            notes.append(_("columns that the saved mapping does not know: {columns}", columns=", ".join(new)))
    else:
        chosen = maps.propose(opened.headings, record, told=told)
    gone = maps.missing(chosen, record)
    if gone or not chosen.columns:
        raise InputError(
            _("no column of this file is {columns}", columns=", ".join(gone or list(record.model_fields)[:6])),
            where=path.name,
            advice=_(
                "its columns are {columns}; say which one it is: --map {field}=HEADING",
                columns=", ".join(opened.headings[:40]),
                field=(gone or list(record.model_fields))[0],
            ),
            kept=_("nothing was imported"),
        )
    opened.options = find_conventions(opened, record, chosen)
    return Reading(opened, record, replace(chosen, options=opened.options), strict=strict, once=once, notes=notes)


def _first_told(first: Problem) -> Message:
    """Why the first row did not fit, and what to do about it where that is known."""
    if first.advice is None:
        return _("the first that did not: {why}", why=first.why)
    return _("the first that did not: {why}; {advice}", why=first.why, advice=first.advice)
