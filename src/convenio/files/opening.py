"""Open a file of rows in whichever form it comes, told by looking at it rather than by its name."""

from __future__ import annotations

from pathlib import Path

from convenio.core.errors import InputError, NotFound
from convenio.core.words import _
from convenio.files.opened import Opened
from convenio.files.options import Options

PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
)


def open_file(path: Path, options: Options | None = None) -> Opened:
    """Open a file of rows: CSV and its relatives, XLSX, Parquet, JSON.

    Args:
        path: the file.
        options: what the user said of it.

    Raises:
        InputError: it is none of these, is empty or damaged.
        NotFound: there is no such file.
    """
    told = options or Options()
    if not path.exists():
        raise NotFound(_("there is no such file"), where=str(path))
    if path.is_dir():
        raise InputError(_("this is a folder, not a file"), where=str(path))
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise InputError(_("the file cannot be read: {why}", why=error.strerror or ""), where=str(path)) from error
    if not head:
        raise InputError(_("the file is empty"), where=path.name)
    for start, kind in PACKED:
        if head.startswith(start):
            raise InputError(
                _("this is a {kind} file", kind=kind),
                where=path.name,
                advice=_("unpack it, or save it as CSV or XLSX"),
            )
    from convenio.files import other_tables, text_table

    if head.startswith(b"PK\x03\x04"):
        return other_tables.open_sheet_table(path, told)
    if head.startswith(b"PAR1"):
        return other_tables.open_parquet_table(path, told)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{"):
        return other_tables.open_json_table(path, told)
    return text_table.open_text_table(path, told)
