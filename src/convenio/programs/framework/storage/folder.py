"""Files that change together, or not at all; one writer at a time, and readers that never see half of a change."""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from convenio.core.errors import Conflict, InputError
from convenio.core.words import _

LOCK = ".lock"
JOURNAL = ".journal.json"
PATIENCE = 30.0
Signature = tuple[int, int, int] | None


class Folder:
    """A folder of text files.

    A change takes the folder's lock (`flock` on `.lock`), writes every new file beside the old one, notes their names
    in a journal, and only then puts them in place. What a crash leaves half done, the next one who opens it completes.
    The lock holds on one machine and on file systems that know `flock`; it is no lock across a synchronised drive.

    Args:
        path: where; made by the first change.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.RLock()
        self._depth = 0
        self._staged: dict[str, str] = {}

    def signature(self, name: str) -> Signature:
        """What changes whenever the file changes; none where it is missing."""
        try:
            seen = (self.path / name).stat()
        except OSError:
            return None
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    def read(self, name: str) -> str | None:
        """A file's text, none where it is missing.

        Raises:
            InputError: it cannot be read, or is no UTF-8; the error names the line.
        """
        path = self.path / name
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(_("this file cannot be read: {why}", why=str(error)), where=str(path)) from error
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise InputError(
                _("this is no UTF-8 text"), where=_("{file}, line {line}", file=str(path), line=line)
            ) from error

    def put(self, name: str, text: str) -> None:
        """Stage a file's new text; it is written when the change ends well."""
        self._staged[name] = text

    @property
    def is_changing(self) -> bool:
        """Whether a change is under way in this object."""
        return self._depth > 0

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the folder alone; on a good end all that was put is written, on a bad one nothing.

        Raises:
            Conflict: another holds it for longer than half a minute.
            InputError: it cannot be written.
        """
        with self._threads:
            if self._depth:
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1
                return
            with self._held(fcntl.LOCK_EX):
                self._complete()
                self._depth, self._staged = 1, {}
                try:
                    yield
                    self._write()
                finally:
                    self._depth, self._staged = 0, {}

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the folder together with other readers."""
        if self._depth or not (self.path / LOCK).exists():
            yield
            return
        if (self.path / JOURNAL).exists():
            with self.changing():
                pass
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        try:
            if how == fcntl.LOCK_EX:
                self.path.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT if how == fcntl.LOCK_EX else os.O_RDONLY, 0o664)
        except OSError as error:
            raise InputError(
                _("this folder cannot be used: {why}", why=error.strerror or str(error)), where=str(self.path)
            ) from error
        try:
            self._wait(handle, how)
            yield
        finally:
            os.close(handle)

    def _wait(self, handle: int, how: int) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(handle, how | fcntl.LOCK_NB)
                return
            if time.monotonic() > until:
                raise Conflict(
                    _("somebody else is writing in this folder"),
                    where=str(self.path),
                    advice=_("try again when they are done"),
                    kept=_("nothing was changed"),
                )
            time.sleep(0.01)

    def _write(self) -> None:
        try:
            for name, text in self._staged.items():
                _durable(self.path / f"{name}.part", text)
            if len(self._staged) > 1:
                _durable(self.path / f"{JOURNAL}.part", json.dumps(sorted(self._staged)))
                (self.path / f"{JOURNAL}.part").replace(self.path / JOURNAL)
            for name in self._staged:
                (self.path / f"{name}.part").replace(self.path / name)
            (self.path / JOURNAL).unlink(missing_ok=True)
        except OSError as error:
            is_noted = (self.path / JOURNAL).exists()
            if not is_noted:
                for name in self._staged:
                    with suppress(OSError):
                        (self.path / f"{name}.part").unlink(missing_ok=True)
            raise InputError(
                _("this cannot be written: {why}", why=error.strerror or str(error)),
                where=str(self.path),
                kept=_("the next who opens the folder completes it") if is_noted else _("nothing was changed"),
            ) from error
        with suppress(OSError):
            _durable_names(self.path)

    def _complete(self) -> None:
        journal = self.path / JOURNAL
        if not journal.exists():
            return
        try:
            for name in json.loads(journal.read_text(encoding="utf-8")):
                part = self.path / f"{Path(name).name}.part"
                if part.exists():
                    part.replace(self.path / Path(name).name)
            journal.unlink()
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                _("a change that was broken off cannot be completed: {why}", why=str(error)),
                where=str(journal),
                advice=_("each file ending in .part holds the new text of the file it is named after"),
            ) from error


def _durable(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _durable_names(folder: Path) -> None:
    """What was put in place stays in place when the power goes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
