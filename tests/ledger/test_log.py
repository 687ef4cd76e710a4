from __future__ import annotations

import random
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.core.errors import Conflict, ConvenioError, InputError, NotFound
from convenio.ledger import merkle
from convenio.ledger.disk import Disk
from convenio.ledger.tiles import spread, tile_path


def batches(seed: int, count: int) -> list[list[bytes]]:
    sizes = random.Random(seed)
    return [
        [b'{"intent":%d,"batch":%d}' % (place, number) for place in range(sizes.choice([0, 1, 2, 255, 256, 257, 300]))]
        for number in range(count)
    ]


def test_a_ledger_has_rfc_6962s_root_after_every_append_and_reopening(opened):
    log, kept = opened(settle_after=1000), []
    for number, batch in enumerate(batches(1, 40)):
        assert log.append(batch) == len(kept)
        kept += batch
        if number % 7 == 6:
            log.close()
            log = opened(settle_after=1000)
        head = log.checkpoint()
        assert (head.size, head.root) == (len(kept), merkle.root_of(kept))
    assert list(log.entries()) == kept
    assert log.entry(len(kept) - 1) == kept[-1]


def test_every_proof_of_every_size_holds(opened):
    log = opened()
    kept = [b"%d" % number for number in range(700)]
    log.append(kept)
    leaves = merkle.leaf_hashes(kept)
    pick = random.Random(2)
    for _each in range(300):
        size = pick.randint(1, 700)
        root = merkle.fold(leaves[:size])
        index = pick.randrange(size)
        assert log.root(size) == root
        merkle.verify_inclusion(index, size, leaves[index], log.inclusion_proof(index, size), root)
        old = pick.randint(1, size)
        merkle.verify_consistency(old, size, log.root(old), root, log.consistency_proof(old, size))


def test_the_files_are_those_of_tlog_tiles(opened):
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 5, 112) == "tile/entries/005.p/112"
    assert sorted(tile for tile in spread(70_000) if tile[0] or tile[1] > 272) == [
        (0, 273, 112),
        (1, 0, 256),
        (1, 1, 17),
        (2, 0, 1),
    ]
    log = opened()
    log.append([b"x"] * 70_000)
    for level, index, width in spread(70_000):
        assert (log.folder / tile_path(level, index, width)).stat().st_size == width * 32
    assert (log.folder / "tile/entries/273.p/112").read_bytes() == b"\x00\x01x" * 112


def test_a_partial_tile_goes_when_the_full_one_is_there_and_old_sizes_still_prove(opened):
    log = opened()
    log.append([b"a"] * 200)
    old = log.checkpoint()
    assert (log.folder / "tile/0/000.p/200").exists()
    log.append([b"b"] * 100)
    assert not (log.folder / "tile/0/000.p").exists()
    merkle.verify_consistency(200, 300, old.root, log.root(), log.consistency_proof(200))


def test_two_nodes_cannot_open_one_ledger(opened):
    opened()
    with pytest.raises(Conflict, match="another process"):
        opened()


def test_another_key_or_name_does_not_open_it(opened):
    opened().close()
    with pytest.raises(Conflict, match="another name or key"):
        opened(key=Ed25519PrivateKey.generate())
    with pytest.raises(Conflict, match="another name or key"):
        opened(origin="us/border-ca")
    opened()


def test_an_entry_that_is_too_long_leaves_nothing(opened):
    log = opened()
    with pytest.raises(InputError, match="too long"):
        log.append([b"a", b"x" * 65_536])
    log.append([b"x" * 65_535])
    assert log.checkpoint().size == 1
    assert log.entry(0) == b"x" * 65_535


def test_what_is_not_there_is_said(opened):
    log = opened()
    log.append([b"a"])
    with pytest.raises(NotFound):
        log.entry(1)
    with pytest.raises(merkle.ProofError):
        log.inclusion_proof(1)
    with pytest.raises(merkle.ProofError):
        log.consistency_proof(0, 2)


class FullDisk(Disk):
    left = 10**9

    def _take(self, data: bytes) -> None:
        self.left -= len(data)
        if self.left < 0:
            raise OSError(28, "No space left on device")

    def append(self, path, data, at):
        self._take(data)
        super().append(path, data, at)

    def write(self, path, data):
        self._take(data)
        super().write(path, data)


def test_a_full_disk_keeps_what_was_acknowledged_and_goes_on_when_there_is_room(opened):
    disk = FullDisk()
    log = opened(disk=disk)
    log.append([b"a" * 100] * 10)
    disk.left = 50
    with pytest.raises(ConvenioError, match="did not take"):
        log.append([b"b" * 100])
    assert log.size == 10
    disk.left = 400
    assert log.append([b"c" * 100]) == 10
    with pytest.raises(ConvenioError, match="cannot be written"):
        log.checkpoint()
    disk.left = 10**9
    assert log.checkpoint().size == 11
    assert [each[:1] for each in log.entries(9)] == [b"a", b"c"]


def test_threads_share_groups_and_each_gets_its_own_place(opened):
    log = opened()
    places: dict[bytes, int] = {}

    def work(name: int) -> None:
        for number in range(20):
            entry = b"%d-%d" % (name, number)
            places[entry] = log.append([entry, entry + b"+"])

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert log.checkpoint().size == 320
    assert all(list(log.entries(at, at + 2)) == [entry, entry + b"+"] for entry, at in places.items())


def test_tiles_that_do_not_fit_the_journal_are_not_written_over(opened):
    log = opened()
    log.append([b"a"] * 600)
    log.close()
    tile = log.folder / tile_path(0, 0)
    data = bytearray(tile.read_bytes())
    data[0] ^= 1
    tile.write_bytes(data)
    with pytest.raises(ConvenioError, match="does not fit"):
        opened()
    assert tile.read_bytes() == data
