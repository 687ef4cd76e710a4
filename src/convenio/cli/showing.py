"""Tables and progress on the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyarrow as pa

from convenio.core.record import RecordType
from convenio.core.words import Message, _, _n
from convenio.files.report import headings, in_one_language, shown_value

SHOWN = 25


def show_table(table: pa.Table, record: type[RecordType] | None = None, *, most: int = SHOWN) -> None:
    """The first rows of a table on standard output, as wide as the screen; columns that say nothing are left out."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = in_one_language(table)
    if table.num_rows:
        table = table.select([each for each in table.column_names if table.column(each).null_count < table.num_rows])
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for name, field in zip(headings(table, record), table.schema, strict=True):
        right = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        shown.add_column(Text(name), overflow="fold", justify="right" if right else "left")
    for row in zip(*(column.to_pylist() for column in table.slice(0, most).columns), strict=True):
        shown.add_row(*(Text(shown_value(value)) for value in row))
    console = Console()
    console.print(shown)
    if table.num_rows > most:
        left = table.num_rows - most
        console.print(str(_n("… and {number} more row (-o FILE)", "… and {number} more rows (-o FILE)", left)))
    if not table.num_rows:
        console.print(str(_("nothing was found")))


@contextmanager
def progress_on_screen(title: Message | str) -> Iterator[Callable[[float], None]]:
    """A bar on standard error where a person looks on; what it gives is told the share done, from 0 to 1."""
    if not sys.stderr.isatty():
        yield lambda _share: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(str(title), total=1.0)
        yield lambda share: bar.update(task, completed=share)
