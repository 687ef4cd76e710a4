"""States of sources on disk: what came when, with its digest; the last good one stays until a better one is whole.

A source's folder holds `state.json` and one folder per state, named by its moment and digest.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from convenio.core.errors import ConvenioError, InputError, NotFound
from convenio.core.words import Message, _
from convenio.files.sources.checking import KEPT, check_file
from convenio.files.sources.declaration import Source
from convenio.files.sources.download import download

STATE = "state.json"


def default_folder() -> Path:
    """Where sources are kept: CONVENIO_SOURCES, else the user's data folder."""
    told = os.environ.get("CONVENIO_SOURCES")
    if told:
        return Path(told)
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "convenio" / "sources"


@dataclass
class FileState:
    """One file of a state: SHA-256, size, and how its publisher marks it."""

    digest: str
    size: int
    etag: str = ""
    last_modified: str = ""


@dataclass
class State:
    """What is held of a source.

    Args:
        folder: the folder of the state, relative to the source's.
        pulled_at: when it came, ISO 8601.
        checked_at: when the publisher last said that it is still the newest.
        rows: rows of the main file, where they were counted.
        files: its files by name.
    """

    folder: str
    pulled_at: str
    checked_at: str
    rows: int | None = None
    files: dict[str, FileState] = field(default_factory=dict)


@dataclass
class Pulled:
    """What a pull did."""

    changed: bool
    state: State
    notes: list[Message]


class Kept:
    """The sources on this machine.

    Args:
        folder: where they are kept.
        now: the clock.
    """

    def __init__(self, folder: Path, *, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self.folder = folder
        self.now = now

    def state(self, name: str) -> State | None:
        """What is held of a source; None for nothing.

        Raises:
            InputError: its `state.json` is damaged.
        """
        path = self.folder / name / STATE
        try:
            told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            told["files"] = {each: FileState(**value) for each, value in told["files"].items()}
            return State(**told)
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(
                _("the record of a source is damaged: {why}", why=str(error)[:120]),
                where=str(path),
                advice=_("remove the file and pull the source again"),
            ) from error

    def path(self, name: str, file: str | None = None) -> Path:
        """The main file of what is held of a source, or a named one.

        Raises:
            NotFound: nothing is held of it.
        """
        state = self.state(name)
        if state is None:
            raise NotFound(
                _("nothing is held of the source {name}", name=name),
                advice=_("fetch it with: convenio source pull {name}", name=name),
            )
        return self.folder / name / state.folder / (file or next(iter(state.files)))

    def damage(self, name: str) -> list[str]:
        """Files of what is held whose bytes are no longer those that came."""
        state = self.state(name)
        if state is None:
            return []
        folder = self.folder / name / state.folder
        return [
            each
            for each, held in state.files.items()
            if not (folder / each).exists() or digest_of(folder / each) != held.digest
        ]

    def pull(
        self,
        source: Source,
        *,
        given: Path | None = None,
        addresses: dict[str, str] | None = None,
        progress: Callable[[float], None] | None = None,
        **how: Any,
    ) -> Pulled:
        """Fetch a source if it changed, check it, and let it take the last one's place.

        Args:
            source: its declaration.
            given: a file or folder that was fetched by other means, instead of the publisher.
            addresses: other addresses for its files, e.g. of a mirror.
            progress: told the share done.
            **how: passed on to `download`.

        Raises:
            InputError: what came is not what the source declares; the last state stays.
            Unreachable: the publisher did not answer.
            ConvenioError: the disk did not take it.
        """
        try:
            return self._pull(source, given, addresses, progress, how)
        except OSError as error:
            raise ConvenioError(
                _("the source could not be kept: {why}", why=error.strerror or str(error)),
                where=str(self.folder),
                advice=_("is the disk full, or the folder not yours?"),
                kept=KEPT,
            ) from error

    def _pull(
        self,
        source: Source,
        given: Path | None,
        addresses: dict[str, str] | None,
        progress: Callable[[float], None] | None,
        how: dict[str, Any],
    ) -> Pulled:
        root = self.folder / source.name
        root.mkdir(parents=True, exist_ok=True)
        held = None if self.damage(source.name) else self.state(source.name)
        coming = root / "coming"
        coming.mkdir(exist_ok=True)
        fresh: dict[str, FileState] = {}
        changed = False
        notes: list[Message] = []
        for name, address in _wanted(source, given, addresses).items():
            last = held.files.get(name) if held is not None else None
            part = coming / f"{name}.part"
            if given is not None:
                origin = given / name if given.is_dir() else given
                if not origin.is_file():
                    raise NotFound(_("there is no such file"), where=str(origin))
                shutil.copyfile(origin, part)
                fresh[name] = FileState(digest_of(part), part.stat().st_size)
            else:
                got = download(
                    address,
                    part,
                    etag=last.etag if last else "",
                    last_modified=last.last_modified if last else "",
                    progress=progress,
                    plain=address == source.addresses.get(name),
                    **how,
                )
                if got.changed and urlsplit(address).scheme == "http":
                    notes.append(_("{file} came without https: compare it with another copy", file=name))
                if not got.changed and last is not None and held is not None:
                    shutil.copyfile(root / held.folder / name, part)
                    fresh[name] = last
                else:
                    fresh[name] = FileState(digest_of(part), part.stat().st_size, got.etag, got.last_modified)
            changed = changed or last is None or last.digest != fresh[name].digest
        moment = self.now()
        if not changed and held is not None:
            held.checked_at, held.files = moment.isoformat(), fresh
            self._write(source.name, held)
            shutil.rmtree(coming)
            return Pulled(False, held, [])
        taken = self._take(source, coming, fresh, held, moment)
        taken.notes = [*notes, *taken.notes]
        return taken

    def _take(
        self, source: Source, coming: Path, fresh: dict[str, FileState], held: State | None, moment: dt.datetime
    ) -> Pulled:
        main = next(iter(fresh))
        for name in fresh:
            (coming / f"{name}.part").replace(coming / name)
        try:
            rows, notes = check_file(source, coming / main, rows_before=held.rows if held is not None else None)
        except InputError:
            refused = self.folder / source.name / "refused"
            shutil.rmtree(refused, ignore_errors=True)
            coming.replace(refused)
            raise
        name = f"{moment:%Y-%m-%dT%H%M%SZ}-{fresh[main].digest[:12]}"
        shutil.rmtree(self.folder / source.name / name, ignore_errors=True)
        coming.replace(self.folder / source.name / name)
        state = State(name, moment.isoformat(), moment.isoformat(), rows, fresh)
        self._write(source.name, state)
        return Pulled(True, state, notes)

    def _write(self, name: str, state: State) -> None:
        path = self.folder / name / STATE
        part = path.with_suffix(".part")
        part.write_text(json.dumps(asdict(state), indent=2) + "\n", encoding="utf-8")
        part.replace(path)


def _wanted(source: Source, given: Path | None, addresses: dict[str, str] | None) -> dict[str, str]:
    """Address by name of the files to take; of files at hand the main one, and the others where they lie beside it."""
    asked = addresses or source.addresses
    if given is None:
        return asked
    main = next(iter(asked))
    return {name: asked[name] for name in asked if name == main or (given.is_dir() and (given / name).is_file())}


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
