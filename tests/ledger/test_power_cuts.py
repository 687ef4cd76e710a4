"""The power fails at every write in turn; the disk keeps what was synced, and of the rest whatever it likes."""

from __future__ import annotations

import random
import shutil
import threading
from pathlib import Path

import pytest

from convenio.ledger import merkle
from convenio.ledger.disk import Disk
from convenio.ledger.log import Log
from convenio.ledger.verify import verify
from tests.ledger.conftest import KEY, ORIGIN

SIZES = [1, 3, 200, 60, 0, 256, 1, 300, 5, 700, 2, 2]
SETTLE_AFTER = 400


class PowerCut(Exception):
    pass


class Platter(Disk):
    """A disk whose power fails at the `cut`-th act, in the middle of it."""

    def __init__(self, root: Path, cut: int) -> None:
        self.root, self.cut, self.acts = root, cut, 0
        self.content: dict[Path, bytes] = {}
        self.names: set[Path] = {root}
        self.torn: dict[Path, bytes] = {}
        self.either: dict[Path, bytes] = {}
        self._lock = threading.Lock()

    def _act(self) -> bool:
        """Count an act; whether the power fails in it."""
        with self._lock:
            self.acts += 1
            if self.acts > self.cut:
                raise PowerCut
            return self.acts == self.cut

    def write(self, path, data):
        failing = self._act()
        super().write(path, data)
        if failing:
            raise PowerCut

    def append(self, path, data, at):
        if self._act():
            self.torn[path] = path.read_bytes()[:at] + data
            raise PowerCut
        super().append(path, data, at)
        self.content[path] = path.read_bytes()

    def truncate(self, path, size):
        failing = self._act()
        super().truncate(path, size)
        if failing:
            raise PowerCut
        self.content[path] = path.read_bytes()

    def replace(self, path, data, *, sync=True):
        if self._act():
            (self.either if sync else self.torn)[path] = data
            raise PowerCut
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if sync:
            self.content[path] = data
            self.names |= {path}

    def sync(self, path):
        if self._act():
            raise PowerCut
        if path.is_dir():
            self.names |= set(path.iterdir())
        else:
            self.content[path] = path.read_bytes()

    def after(self, pick: random.Random, target: Path) -> None:
        """What is found when the power is back."""
        written = {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()}
        for path in sorted({*written, *self.torn, *self.either, *self.content}):
            sure = path in self.content and all(
                each in self.names for each in (path, *path.parents) if each.is_relative_to(self.root)
            )
            wanted = self.torn.get(path, written.get(path, b""))
            length = pick.randint(0, len(wanted))
            found = [wanted, wanted[:length], bytes(len(wanted)), None]
            if path in self.content:
                found = [self.content[path]] if sure and path not in self.torn else [self.content[path], *found[:1]]
            if path.name == "journal" and path in self.torn:
                known = self.content[path]
                found = [known + wanted[len(known) :][:length], known]
            if path in self.either:
                found = [self.either[path], self.content.get(path)]
            kept = pick.choice(found)
            if kept is not None:
                place = target / path.relative_to(self.root)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(kept)


def batches() -> list[list[bytes]]:
    return [[b'{"intent":%d,"of":%d}' % (place, number) for place in range(size)] for number, size in enumerate(SIZES)]


def run(disk: Platter) -> tuple[list[bytes], list[tuple[int, bytes]], list[bytes]]:
    """Append until the power fails: what was acknowledged, the checkpoints that were seen, what was on its way."""
    acknowledged: list[bytes] = []
    seen: list[tuple[int, bytes]] = []
    under_way: list[bytes] = []
    log = None
    try:
        log = Log(disk.root, ORIGIN, KEY, disk=disk, settle_after=SETTLE_AFTER)
        for batch in batches():
            under_way = batch
            log.append(batch)
            acknowledged += batch
            under_way = []
            head = log.checkpoint()
            seen.append((head.size, head.root))
        log.settle()
    except PowerCut:
        pass
    if log is not None:
        log._lock.close()
    return acknowledged, seen, under_way


def acts_in_all(folder: Path) -> int:
    disk = Platter(folder, 10**9)
    run(disk)
    return disk.acts


@pytest.mark.parametrize("part", range(4))
def test_no_acknowledged_entry_is_lost_wherever_the_power_fails(tmp_path, part):
    pick = random.Random(part)
    last = acts_in_all(tmp_path / "whole")
    assert last > 80
    for cut in range(1 + part, last + 1, 4):
        disk = Platter(tmp_path / "before", cut)
        acknowledged, seen, under_way = run(disk)
        folder = tmp_path / "after"
        disk.after(pick, folder)
        with Log(folder, ORIGIN, KEY, settle_after=SETTLE_AFTER) as log:
            kept = list(log.entries())
            assert kept in (acknowledged, acknowledged + under_way), cut
            head = log.checkpoint()
            assert (head.size, head.root) == (len(kept), merkle.root_of(kept))
            for size, root in seen:
                assert log.root(size) == root, cut
            log.append([b"afterwards"])
        report = verify(folder)
        assert report.holds, (cut, report.problems)
        assert report.size == len(kept) + 1
        shutil.rmtree(tmp_path / "before")
        shutil.rmtree(folder)


def test_killed_after_any_append_the_folder_verifies_as_it_lies(tmp_path):
    """A process that is killed leaves what it wrote; nothing has to be opened before it can be verified."""
    whole = acts_in_all(tmp_path / "whole")
    for cut in range(1, whole + 1, 5):
        disk = Platter(tmp_path / f"cut-{cut}", cut)
        acknowledged, _seen, _under_way = run(disk)
        if not (disk.root / "checkpoint").exists():
            continue
        report = verify(disk.root)
        assert report.holds, (cut, report.problems)
        assert report.size + report.waiting >= len(acknowledged)


def test_a_journal_damaged_in_its_middle_is_not_cut_off(tmp_path):
    with Log(tmp_path, ORIGIN, KEY) as log:
        for batch in batches():
            log.append(batch)
        data = bytearray((tmp_path / "journal").read_bytes())
        data[len(data) // 2] ^= 1
    (tmp_path / "journal").write_bytes(data)
    with pytest.raises(Exception, match="damaged at byte"):
        Log(tmp_path, ORIGIN, KEY)
    assert (tmp_path / "journal").read_bytes() == data
    assert not verify(tmp_path).holds
