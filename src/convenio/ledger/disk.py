"""The few acts on files that a ledger's safety rests on, each in one place, so that a test can cut the power at any."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


class Disk:
    """Writes files; what has been synced is there after a power cut, and nothing else surely is."""

    def write(self, path: Path, data: bytes) -> None:
        """Write a whole file in place, not synced; its folder is made when it is missing."""
        try:
            path.write_bytes(data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def append(self, path: Path, data: bytes, at: int) -> None:
        """Put data into a file at its end, which is at byte `at`, and sync it."""
        with path.open("r+b") as file:
            file.seek(at)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to a size and sync it."""
        with path.open("r+b") as file:
            file.truncate(size)
            os.fsync(file.fileno())

    def replace(self, path: Path, data: bytes, *, sync: bool = True) -> None:
        """Put a file in another's place in one step; a reader sees the old or the new one.

        Args:
            path: the file.
            data: its new content.
            sync: whether it has to be there after a power cut when this returns.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                if sync:
                    os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        if sync:
            self.sync(path.parent)

    def sync(self, path: Path) -> None:
        """Wait until a file's content, or a folder's list of names, is on the disk."""
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)


DISK = Disk()
