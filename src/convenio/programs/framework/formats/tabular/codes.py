"""What may stand in each column, for the last worksheet of a template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convenio.core.words import Language, _
from convenio.programs.framework.formats.tabular import cells
from convenio.programs.framework.formats.tabular.sheets import Column, Tab

FORMS = (
    (cells.DAY, _("a day, as 2021-10-06")),
    (cells.NUMERIC, _("a number with a point, as 1234.5; no thousands, no unit; a percentage from 0 to 100")),
    (cells.MONEY, _("an amount with a point, as 1234.50")),
    (cells.INTEGER, _("a whole number")),
    (cells.YES_NO, _("yes or no")),
    (cells.NAMES, _("short names, with ; between")),
    (cells.LINES, _("one a line")),
    (cells.PAIRS, _("sex=female; state=Colima — empty for the whole")),
    (cells.REFERENCES, _("one a line: vocabulary and number, as 9 16.4.2")),
)


def code_rows(sheets: Sequence[tuple[Tab, Sequence[Column]]], to: Language) -> Iterator[list[str]]:
    """Rows: worksheet, column, what may stand there, what it means; first their headings."""
    words = (_("worksheet"), _("column"), _("what may stand there"), _("what it means"))
    yield [each.in_language(to) for each in words]
    needed = _("is needed")
    for tab, columns in sheets:
        for column in columns:
            form = next((text.in_language(to) for cell, text in FORMS if cell is column.cell), "")
            remark = needed.in_language(to) if column.required else ""
            if form or remark:
                yield [tab.title(to), column.heading(to), form, remark]
            for code, meaning in (column.cell.words or {}).items():
                yield [tab.title(to), column.heading(to), code, meaning.in_language(to)]
