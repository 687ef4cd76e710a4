"""The node's key for digests: the same for everyone who asks, whole, and its owner's alone."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from convenio.core.digest_key import digest_key


def test_everyone_who_asks_at_once_gets_the_same_whole_key(tmp_path):
    many = 8
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        together = Barrier(many)

        def ask(_who, folder=folder, together=together):
            together.wait()
            return digest_key(folder)

        with ThreadPoolExecutor(many) as pool:
            found = set(pool.map(ask, range(many)))
        assert len(found) == 1
        assert {len(each) for each in found} == {32}
        assert [each.name for each in folder.iterdir()] == ["digest.key"]


def test_only_its_owner_reads_it_and_two_folders_have_two(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for each in (one, two):
        each.mkdir()
    assert digest_key(one) != digest_key(two)
    assert stat.S_IMODE((one / "digest.key").stat().st_mode) == 0o600
