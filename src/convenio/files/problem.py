"""What is wrong with a row of a file, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from convenio.core.errors import InputError
from convenio.core.words import Message, _


@dataclass(frozen=True)
class Problem:
    """One row that does not fit.

    Args:
        row: its number as a spreadsheet shows it, headings included.
        column: the heading as the file bears it; empty where the row as a whole does not fit.
        value: what stands there, cut to what is worth showing.
        why: what is wrong.
        advice: what to do.
    """

    row: int
    column: str
    value: str
    why: Message
    advice: Message | None = None

    def error(self, file: str) -> InputError:
        """The problem as an error that stops the reading."""
        return InputError(
            self.why,
            where=self.where(file),
            advice=self.advice,
            kept=_("nothing was imported"),
        )

    def where(self, file: str) -> Message:
        """File, row and column."""
        return place(file, self.row, self.column)


def place(file: str, row: int, column: str = "") -> Message:
    """Where something stands: file, row and, where one is meant, column."""
    if column:
        return _("{file}, row {row}, column {column}", file=file, row=f"{row:,}", column=column)
    return _("{file}, row {row}", file=file, row=f"{row:,}")


def shown(value: str | None, length: int = 80) -> str:
    """A value as it may be shown: one line, cut, without characters that turn the text around it."""
    text = "".join(each if each.isprintable() else "·" for each in value or "")
    return text if len(text) <= length else f"{text[: length - 1]}…"
