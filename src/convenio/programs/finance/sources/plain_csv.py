"""Publishers' CSV files as they come: decoded strictly, row by row, every row of the width it must have."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from convenio.core.errors import InputError
from convenio.core.words import Message, _

END_MARK = "\x1a"
NULL = "-0-"


def decode(path: Path, encoding: str | None = None) -> str:
    """The text of a file, UTF-8 unless another encoding is named.

    Raises:
        InputError: there is no such file, it is empty, or it is in another encoding; the error says where and which.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(
            _("cannot be read: {why}", why=error.strerror or str(error)),
            where=str(path),
            advice=_("is the path right?"),
        ) from error
    if not raw.strip(b"\x1a\r\n \t\xef\xbb\xbf"):
        raise InputError(
            _("the file is empty"), where=path.name, advice=_("fetch the file again"), kept=_("nothing was imported")
        )
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in raw[:4096]
    if wide and encoding is None:
        raise _other_encoding(path, _("the file is UTF-16, not UTF-8"), "utf-16")
    try:
        return raw.decode(encoding or "utf-8-sig")
    except LookupError:
        raise InputError(
            _("there is no encoding {encoding}", encoding=encoding),
            where=path.name,
            advice=_("try utf-8, latin-1 or utf-16"),
        ) from None
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        what = _(
            "row {row} holds the byte 0x{byte}, which is not UTF-8", row=f"{row:,}", byte=f"{raw[error.start]:02X}"
        )
        raise _other_encoding(path, what, "latin-1") from error


def rows(text: str, path: Path, width: int, *, null: str = NULL) -> Iterator[tuple[int, list[str]]]:
    """Row numbers (from 1) and cells, stripped, the publisher's null as an empty text.

    Raises:
        InputError: a row is narrower or wider than `width`, or a quote never closes; the error names the row.
    """
    reader = csv.reader(io.StringIO(text.rstrip("\r\n" + END_MARK), newline=""), strict=True)
    start = 1
    try:
        for number, row in enumerate(reader, start=1):
            if not row:
                continue
            if len(row) != width:
                raise InputError(
                    _("{found} columns, not {wanted}", found=len(row), wanted=width),
                    where=_("{file}, row {row}", file=path.name, row=f"{number:,}"),
                    advice=_("was the file cut in the middle, or have its columns moved?"),
                    kept=_("nothing was imported"),
                )
            yield number, ["" if (cell := each.strip()) == null else cell for each in row]
            start = number + 1
    except csv.Error as error:
        raise InputError(
            _("the row is broken off: {why}", why=str(error)),
            where=_("{file}, row {row}", file=path.name, row=f"{start:,}"),
            advice=_("was the file cut in the middle? fetch it again"),
            kept=_("nothing was imported"),
        ) from error


def _other_encoding(path: Path, what: Message, encoding: str) -> InputError:
    return InputError(
        what,
        where=path.name,
        advice=_("save it as UTF-8, or say --encoding {encoding}", encoding=encoding),
        kept=_("nothing was imported"),
    )
