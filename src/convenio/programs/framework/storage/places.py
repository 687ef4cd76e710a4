"""Where a part stands, so that an error can name file, row and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from convenio.core.words import Message
from convenio.files.problem import place


@dataclass(frozen=True)
class Row:
    """A row of a table that a part was read from.

    Args:
        file: the file, with its worksheet.
        number: the row as a spreadsheet shows it.
        headings: the file's own heading for each field, by the field's path (`baseline.value`).
    """

    file: str
    number: int
    headings: Mapping[str, str] = field(default_factory=dict)

    def at(self, name: str = "") -> Message:
        """The row, and the column of a field where that is known."""
        near = (heading for path, heading in self.headings.items() if path.startswith(f"{name}."))
        return place(self.file, self.number, self.headings.get(name) or next(near, "") if name else "")


Where = Message | str | Row


def spot(where: Where, name: str = "") -> Message | str:
    """A place as errors name it; of a row, the column of a field."""
    return where.at(name) if isinstance(where, Row) else where
