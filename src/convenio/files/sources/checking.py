"""Hold a file against what its source declares, before it takes the last one's place."""

from __future__ import annotations

from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _
from convenio.files.opening import open_file
from convenio.files.sources.declaration import Assertions, Source

KEPT = _("the last state stays as it is")


def check_file(source: Source, path: Path, *, rows_before: int | None = None) -> tuple[int | None, list[Message]]:
    """Check a file.

    Args:
        source: its declaration.
        path: the file.
        rows_before: rows of the state it would follow.

    Returns:
        How many rows it has, where they were counted, and what the user should know.

    Raises:
        InputError: an assertion does not hold, or the source's own check refuses it.
    """
    wanted = source.assertions
    size = path.stat().st_size
    if wanted.bytes_at_least is not None and size < wanted.bytes_at_least:
        raise _fails(path, _("{found} bytes, at least {wanted} expected", found=size, wanted=wanted.bytes_at_least))
    if wanted.end_mark is not None and not _tail(path).rstrip(b"\r\n").endswith(bytes.fromhex(wanted.end_mark)):
        raise _fails(path, _("the publisher's end mark is missing: the file was cut"))
    rows, notes = None, []
    if _counts(wanted):
        rows = _table(path, wanted, rows_before)
    own = source.own_check()
    if own is not None:
        own(path)
    elif wanted.of_its_own:
        notes.append(_("not checked: {names}", names=", ".join(wanted.of_its_own)))
    return rows, notes


def _counts(wanted: Assertions) -> bool:
    return bool(wanted.headings) or any(
        each is not None for each in (wanted.columns, wanted.rows_at_least, wanted.rows_at_most, wanted.shrinks_at_most)
    )


def _table(path: Path, wanted: Assertions, rows_before: int | None) -> int:
    opened = open_file(path)
    if wanted.columns is not None and len(opened.headings) != wanted.columns:
        raise _fails(path, _("{found} columns, {wanted} expected", found=len(opened.headings), wanted=wanted.columns))
    gone = [each for each in wanted.headings if each not in opened.headings]
    if gone:
        raise _fails(path, _("columns that were expected are gone: {columns}", columns=", ".join(gone)))
    rows: int = sum(chunk.table.num_rows for chunk in opened.chunks())
    if wanted.rows_at_least is not None and rows < wanted.rows_at_least:
        raise _fails(path, _("{found} rows, at least {wanted} expected", found=rows, wanted=wanted.rows_at_least))
    if wanted.rows_at_most is not None and rows > wanted.rows_at_most:
        raise _fails(path, _("{found} rows, at most {wanted} expected", found=rows, wanted=wanted.rows_at_most))
    if wanted.shrinks_at_most is not None and rows_before and rows < rows_before * (1 - wanted.shrinks_at_most):
        raise _fails(path, _("{found} rows, where the last state had {before}", found=rows, before=rows_before))
    return rows


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 256))
        return file.read()


def _fails(path: Path, what: Message) -> InputError:
    return InputError(
        what, where=path.name, advice=_("has the publisher changed the file? look at it before you use it"), kept=KEPT
    )
