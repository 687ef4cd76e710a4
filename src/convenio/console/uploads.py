"""Files that are sent to a method: read as records of its input's type, and gone when they have been read."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
from starlette.datastructures import UploadFile

from convenio.core.errors import InputError
from convenio.core.record import RecordType
from convenio.core.words import Message, _n
from convenio.files.reading import open_reading
from convenio.web.security import file_name

SHOWN_PROBLEMS = 5


def read_upload(upload: UploadFile, record: type[RecordType]) -> tuple[pa.Table, list[Message]]:
    """The rows of a file that was sent, and what its reader should know.

    Args:
        upload: the file.
        record: the record type wanted.

    Raises:
        InputError: the file cannot be read, or no row of it fits.
    """
    with tempfile.TemporaryDirectory(prefix="convenio-") as folder:
        path = Path(folder) / file_name(upload.filename or "", "file.csv")
        with path.open("wb") as out:
            shutil.copyfileobj(upload.file, out)
        reading = open_reading(path, record)
        table = reading.table()
        notes = list(reading.notes)
        if reading.set_aside:
            if not table.num_rows and reading.problems:
                raise reading.problems[0].error(path.name)
            notes.append(_n("{number} row was set aside", "{number} rows were set aside", reading.set_aside))
            notes += [_told(each.error(path.name)) for each in reading.problems[:SHOWN_PROBLEMS]]
        return table, notes


def _told(error: InputError) -> Message:
    where = error.where if error.where is not None else ""
    return Message("{where}: {what}", {"where": where, "what": error.what})
