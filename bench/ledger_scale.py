"""Ledger at scale: ten million entries, durable in groups, proofs, verification; beside pymerkle's SQLite tree.

pymerkle is GPL and no part of Convenio: it is installed for this run, in an environment of its own, and called from
there. It keeps its tree in one SQLite file and computes proofs from all leaves, so that it is asked at 100,000 entries
(where its proof takes longest to be worth waiting for) and we at ten million.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.harness import Clock, Row, clock, shell
from convenio.ledger.cosigned import ask_for_cosignature, name_witness
from convenio.ledger.log import Log
from convenio.ledger.merkle import verify_inclusion
from convenio.ledger.note import Cosigner
from convenio.ledger.verify import verify
from convenio.ledger.witness import Witness

GROUP = 20_000
ORIGIN = "bench/border"
ROOT = Path(__file__).resolve().parent.parent

PEER = """
import json, os, random, sys, time
from pymerkle import SqliteTree, verify_inclusion
path, entries, singles, proofs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
tree = SqliteTree(path)
data = [b"%0250d" % n for n in range(entries)]
wall, cpu = time.perf_counter(), time.process_time()
for each in data[:singles]:
    tree.append_entry(each)
single = singles / (time.perf_counter() - wall)
wall = time.perf_counter()
tree.append_entries(data[singles:], chunksize=20_000)
bulk = (entries - singles) / (time.perf_counter() - wall)
pick, took = random.Random(1), []
for _ in range(proofs):
    index = pick.randint(1, entries)
    wall = time.process_time()
    tree.prove_inclusion(index, entries)
    took.append(time.process_time() - wall)
print(json.dumps({"single": single, "bulk": bulk, "proof_ms": 1000 * sum(took) / proofs}))
"""


def entries_of(first: int, count: int) -> list[bytes]:
    """Entries of the size and form that a border log has."""
    sha = hashlib.sha256
    return [
        b'{"actor":"node","at":"2026-01-01T00:00:00+00:00","body":{"clause":"finance","keys":12},"commitment":"%s",'
        b'"intent":%d,"kind":"asked","subject":"run-%010d","v":1}' % (sha(b"%d" % n).hexdigest().encode(), n, n)
        for n in range(first, first + count)
    ]


def peer(folder: Path, *, quick: bool) -> dict[str, float] | str:
    """pymerkle's figures, from an environment of its own; words where it cannot be installed."""
    uv = ROOT / ".uv" / "uv"
    where = folder / "peer"
    try:
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, where], check=True, capture_output=True)
        python = where / "bin" / "python"
        install = [uv, "pip", "install", "--quiet", "--python", python, "pymerkle==7.0.0"]
        subprocess.run(install, check=True, capture_output=True)
        sizes = ["20000", "50", "10"] if quick else ["100000", "300", "50"]
        done = subprocess.run(
            [python, "-c", PEER, folder / "peer.db", *sizes], check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no peer: {str(getattr(error, 'stderr', error))[-200:]}"
    return json.loads(done.stdout)


def fill(log: Log, size: int) -> Clock:
    """Append in groups up to `size`; clocks of the appending alone."""
    taken = Clock()
    while log.size < size:
        batch = entries_of(log.size, min(GROUP, size - log.size))
        with clock() as each:
            log.append(batch)
        taken.cpu += each.cpu
        taken.wall += each.wall
    return taken


def from_threads(log: Log, threads: int, each: int) -> float:
    """Entries a second when `threads` append one entry at a time, `each` times."""

    def work(number: int) -> None:
        for entry in entries_of(number * each, each):
            log.append([entry])

    with clock() as taken, ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    return threads * each / taken.wall


def proofs(log: Log, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of CPU for inclusion proofs (each checked) and consistency proofs, at random places."""
    pick, one, two = random.Random(1), [], []
    root = log.root()
    for _each in range(count):
        index, old = pick.randrange(log.size), pick.randint(1, log.size)
        before = time.process_time()
        proof = log.inclusion_proof(index)
        one.append(1000 * (time.process_time() - before))
        verify_inclusion(index, log.size, log.leaf(index), proof, root)
        before = time.process_time()
        log.consistency_proof(old)
        two.append(1000 * (time.process_time() - before))
    return sorted(one), sorted(two)


def run(*, quick: bool) -> list[Row]:
    """Fill a ledger, prove, cosign, reopen, verify."""
    size = 200_000 if quick else 10_000_000
    scratch = Path(tempfile.mkdtemp(prefix="convenio-bench-"))
    try:
        return _rows(scratch, size, quick=quick)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _rows(scratch: Path, size: int, *, quick: bool) -> list[Row]:
    other = peer(scratch, quick=quick)
    figures = other if isinstance(other, dict) else {}
    note = other if isinstance(other, str) else ""
    key, witness_key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    log = Log(scratch / "single", ORIGIN, key)
    singles = entries_of(0, 300)
    with clock() as one_by_one:
        for each in singles:
            log.append([each])
    together = from_threads(log, 16, 300)
    log.close()

    log = Log(scratch / "log", ORIGIN, key)
    filled = fill(log, size)
    inclusion, consistency = proofs(log, 500 if quick else 3000)
    witness = Witness(scratch / "witness", Cosigner("bench/witness", witness_key), [log.signer.verifier])
    name_witness(log.folder, Cosigner("bench/witness", witness_key).verifier)
    with clock() as cosigned:
        ask_for_cosignature(log, witness.add_checkpoint)
    log.close()
    with clock() as reopened:
        log = Log(scratch / "log", ORIGIN, key)
    log.close()
    with clock() as verified:
        report = verify(scratch / "log")
    if not report.holds or report.size != size or report.cosigned != size:
        raise SystemExit(f"the ledger does not verify: {report.problems}")
    middle, worst = len(inclusion) // 2, int(len(inclusion) * 0.99)
    return [
        Row(
            f"durable appends, groups of {GROUP:,}, {size:,} entries",
            size / filled.wall,
            "entries/s",
            peer=figures.get("bulk"),
            goal=">= 20,000",
            met=size / filled.wall >= 20_000,
            note=f"{size / filled.cpu:,.0f} entries per CPU-second; the peer has one group of 100,000. {note}",
        ),
        Row(
            "durable appends, one at a time",
            300 / one_by_one.wall,
            "entries/s",
            peer=figures.get("single"),
            note="one sync each, and the files of tlog-tiles",
        ),
        Row("durable appends, one at a time from 16 threads", together, "entries/s", peer=figures.get("single"),
            note="threads share a sync; the peer has one writer"),
        Row(
            "inclusion proof, mean",
            sum(inclusion) / len(inclusion),
            "ms CPU",
            peer=figures.get("proof_ms"),
            goal="<= 1 ms",
            met=sum(inclusion) / len(inclusion) <= 1,
            note=f"median {inclusion[middle]:.2f}, 99th percentile {inclusion[worst]:.2f}; the peer at 100,000 entries",
        ),
        Row("consistency proof, mean", sum(consistency) / len(consistency), "ms CPU", goal="<= 1 ms",
            met=sum(consistency) / len(consistency) <= 1),
        Row("cosignature of the peer's witness, without the network", cosigned.wall, "s", goal="<= 1 s",
            met=cosigned.wall <= 1),
        Row("opening the ledger again", reopened.wall, "s"),
        Row(
            f"verify all {size:,} entries",
            verified.wall,
            "s",
            goal="<= 30 s on two cores",
            met=verified.wall <= 30,
            note=f"{verified.cpu:.1f} CPU-seconds; every hash computed again, two signatures",
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    shell(run)
