"""A node's data as one archive, and back: everything in its folder but keys and locks.

The database is taken first and the ledgers after it, so that no entry stands in the database that the ledgers lack.
Keys are never in a backup: they are kept apart, and without them what is sealed stays sealed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import _
from convenio.files.writing import whole
from convenio.node.databases import DATABASE, copy_server, fill_server

FORMAT = 1
IN_MEMORY = 1 << 24
MANIFEST = "manifest.json"
FOLDERS = ("tables", "matches", "programs", "ledger", "witness", "mirror")
FILES = ("node.toml", "roster-request.json")
LEFT_OUT = (".lock", ".part")
KEPT = _("nothing was changed")


def write_backup(home: Path, archive: Path, *, at: dt.datetime) -> dict[str, Any]:
    """Write a node's data into an archive; the node may be serving.

    Args:
        home: the node's folder.
        archive: the file to write; whole or not at all.
        at: the moment, for the manifest.

    Returns:
        The manifest: format, version, moment, and the SHA-256 of every file.

    Raises:
        InputError: there is no node in the folder, or the archive lies inside it.
    """
    from convenio.node.settings import read_settings

    settings = read_settings(home)
    if archive.resolve().is_relative_to(home.resolve()):
        raise InputError(
            _("a backup inside the node's folder would be lost with it"),
            where=str(archive),
            advice=_("write it to another disk"),
        )
    manifest: dict[str, Any] = {
        "convenio_backup": FORMAT,
        "version": version("convenio"),
        "party": settings.party,
        "at": at.isoformat(),
        "database": "embedded" if not settings.database else "server",
        "files": {},
    }
    with whole(archive) as part, tarfile.open(part, "w") as tar, tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / DATABASE
        if settings.database:
            copy_server(settings.database, copy)
        else:
            _copy_database(home / DATABASE, copy)
        _add(tar, copy, DATABASE, manifest)
        for name in FILES:
            if (home / name).exists():
                _add(tar, home / name, name, manifest)
        for name in FOLDERS:
            for path in sorted((home / name).rglob("*")) if (home / name).is_dir() else ():
                if path.is_file() and not path.name.endswith(LEFT_OUT) and path.name != "lock":
                    _add(tar, path, path.relative_to(home).as_posix(), manifest)
        told = json.dumps(manifest, indent=2).encode()
        _put(tar, MANIFEST, told)
    archive.chmod(0o600)
    return manifest


def _copy_database(database: Path, copy: Path) -> None:
    """One state of the database, consistent in itself, whoever writes meanwhile."""
    source, target = sqlite3.connect(f"file:{database}?mode=ro", uri=True), sqlite3.connect(copy)
    try:
        with target:
            source.backup(target)
    finally:
        source.close()
        target.close()


def _add(tar: tarfile.TarFile, path: Path, name: str, manifest: dict[str, Any]) -> None:
    """Add one file as long as it is now; what is appended meanwhile belongs to the next backup."""
    try:
        with path.open("rb") as file, tempfile.SpooledTemporaryFile(IN_MEMORY) as held:
            digest = _copied(file, held)
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = held.tell(), 0o600
            held.seek(0)
            tar.addfile(entry, held)
    except FileNotFoundError:
        return
    manifest["files"][name] = digest


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy bytes; their SHA-256."""
    seen = hashlib.sha256()
    while block := source.read(1 << 20):
        seen.update(block)
        target.write(block)
    return seen.hexdigest()


def _put(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def read_manifest(archive: Path) -> dict[str, Any]:
    """What a backup says of itself.

    Raises:
        InputError: it is no backup, is damaged, or a newer Convenio wrote it.
    """
    try:
        with tarfile.open(archive) as tar:
            member = tar.extractfile(MANIFEST)
            assert member is not None
            told: dict[str, Any] = json.loads(member.read())
            names = set(tar.getnames()) - {MANIFEST}
        form, made_by, files = int(told["convenio_backup"]), str(told["version"]), dict(told["files"])
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError, AssertionError) as error:
        raise InputError(
            _("this is no whole backup: {why}", why=str(error)[:160]), where=str(archive), kept=KEPT
        ) from error
    if form > FORMAT or _order(made_by) > _order(version("convenio")):
        raise InputError(
            _(
                "this backup was written by Convenio {theirs}, newer than this one, {ours}",
                theirs=made_by,
                ours=version("convenio"),
            ),
            where=str(archive),
            advice=_("install that version, then restore"),
            kept=KEPT,
        )
    strange = [*(names ^ set(files)), *filter(_outside, names)]
    if strange:
        raise InputError(
            _("the backup does not hold what its manifest says: {names}", names=", ".join(sorted(strange)[:5])),
            where=str(archive),
            kept=KEPT,
        )
    return told


def _outside(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or path.parts[0] not in {*FOLDERS, *FILES, DATABASE}


def _order(said: str) -> tuple[int, ...]:
    return tuple(int("".join(filter(str.isdigit, part)) or 0) for part in said.split(".")[:3])


def restore_backup(
    archive: Path, home: Path, *, keys: Path | None = None, database: str | None = None
) -> dict[str, Any]:
    """Bring a node's data back into a folder that does not exist yet: whole, or not at all.

    Border ledgers are held until what their witnesses have seen is there again.

    Args:
        archive: the backup.
        home: the new folder.
        keys: the node's key folder, kept apart from the backup; without it the node opens once it lies in `home/keys`.
        database: address of the empty PostgreSQL database it goes into; where it is not given, the one that the node
            had, and the embedded one where it had none.

    Raises:
        InputError: the backup is damaged, or of a newer version.
        ConvenioError: the folder is not empty, or the keys do not fit.
    """
    from convenio.ledger.recovery import mark_restored
    from convenio.node.home import Home

    manifest = read_manifest(archive)
    with Home(home).made():
        with tarfile.open(archive) as tar:
            for name, digest in manifest["files"].items():
                path = home / name
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                member = tar.extractfile(name)
                with path.open("wb") as file:
                    copied = _copied(member, file) if member is not None else ""
                path.chmod(0o600)
                if copied != digest:
                    raise InputError(_("a file of the backup is damaged"), where=name, kept=KEPT)
        fill_server(home, database)
        for name in FOLDERS:
            (home / name).mkdir(exist_ok=True, mode=0o700)
        for folder in sorted((home / "ledger").iterdir()):
            if folder.is_dir() and folder.name.startswith("border-"):
                mark_restored(folder)
        if keys is not None:
            if not keys.is_dir():
                raise ConvenioError(_("there is no key folder here"), where=str(keys), kept=KEPT)
            shutil.copytree(keys, home / "keys")
            (home / "keys").chmod(0o700)
            _try_out(home)
    return manifest


def _try_out(home: Path) -> None:
    """Open the node once: keys and database fit, and the tables are brought to this version."""
    from convenio.node.node import open_node

    open_node(home).close()
