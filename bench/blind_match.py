"""Blind match: 100,000 keys against 1,000,000, beside openmined-psi 2.0.6 on the same sets.

Cold is everything from the two lists of keys: hash-to-group, a fresh key, the coded set, the query, the answer, the
comparison. Online is what is left when the answerer has its next snapshot prepared.
"""

from __future__ import annotations

import numpy as np

from bench.harness import Row, clock, shell
from bench.peer import NoPeer, environment
from bench.peer import run as run_peer
from convenio.exchange import coded, oprf, ristretto

PEER = """
import json, sys, time, os
import private_set_intersection.python as psi
n, m, shared = map(int, sys.argv[1:4])
server_items = [f"S{i:017d}" for i in range(m)]
client_items = [f"S{i:017d}" if i < shared else f"C{i:017d}" for i in range(n)]
def cpu():
    t = os.times(); return t[0] + t[1]
a, w = cpu(), time.perf_counter()
server = psi.server.CreateWithNewKey(True)
setup = server.CreateSetupMessage(1e-9, n, server_items, psi.DataStructure.GCS)
sent = setup.SerializeToString()
b, v = cpu(), time.perf_counter()
client = psi.client.CreateWithNewKey(True)
request = client.CreateRequest(client_items)
asked = request.SerializeToString()
answer = server.ProcessRequest(request)
back = answer.SerializeToString()
found = client.GetIntersection(setup, answer)
c, u = cpu(), time.perf_counter()
print(json.dumps({"cold_cpu": c - a, "cold_wall": u - w, "online_cpu": c - b, "online_wall": u - v,
                  "bytes": len(sent) + len(asked) + len(back), "found": len(found)}))
"""


def run(*, quick: bool) -> list[Row]:
    asked, held, shared = (2_000, 20_000, 200) if quick else (100_000, 1_000_000, 10_000)
    server = [f"S{i:017d}".encode() for i in range(held)]
    client = [f"S{i:017d}".encode() if i < shared else f"C{i:017d}".encode() for i in range(asked)]

    with clock() as points:
        elements = oprf.hash_to_group(server)
    with clock() as keyed:
        key = ristretto.random_scalar()
        values = oprf.own_outputs(key, server, elements)
        code = coded.encode(values, coded.bits_for(asked))
    with clock() as online:
        blinds = ristretto.random_scalars(asked)
        sent = oprf.blind_column(oprf.hash_to_group(client), blinds)
        back = oprf.evaluate(key, sent)
        mine = oprf.outputs(client, back, blinds)
        hits = np.flatnonzero(coded.decode(code).contains(mine))
    exact = hits.tolist() == list(range(shared))
    size = (len(code) + sent.nbytes + back.nbytes) / 1e6
    cold_wall = points.wall + keyed.wall + online.wall
    cold_cpu = points.cpu + keyed.cpu + online.cpu

    told = None
    why = ""
    try:
        told = run_peer(environment("psi", "openmined-psi==2.0.6"), PEER, str(asked), str(held), str(shared))
    except NoPeer as error:
        why = f"peer not run: {error}"
    sizes = f"{asked:,} against {held:,}"
    return [
        Row(
            "online, wall",
            online.wall,
            "s",
            told and told["online_wall"],
            "≤ 10 s",
            quick or online.wall <= 10,
            f"{sizes}; snapshot prepared. {why}",
        ),
        Row(
            "online, CPU",
            online.cpu,
            "CPU-s",
            told and told["online_cpu"],
            "below the peer",
            told and online.cpu < told["online_cpu"],
            sizes,
        ),
        Row(
            "cold with re-keying, wall",
            cold_wall,
            "s",
            told and told["cold_wall"],
            "≤ 45 s",
            quick or cold_wall <= 45,
            sizes,
        ),
        Row(
            "cold with re-keying, CPU",
            cold_cpu,
            "CPU-s",
            told and told["cold_cpu"],
            "below the peer",
            told and cold_cpu < told["cold_cpu"],
            f"points {points.cpu:.1f}, key and set {keyed.cpu:.1f}, online {online.cpu:.1f}",
        ),
        Row(
            "re-keying with cached points, wall", keyed.wall, "s", note="what a new snapshot costs once points are kept"
        ),
        Row(
            "bytes both ways",
            size,
            "MB",
            told and told["bytes"] / 1e6,
            "≤ 12.6 MB",
            quick or size <= 12.6,
            "chance of any false hit in a run ≤ 1e-9",
        ),
        Row(
            "hits",
            float(len(hits)),
            "keys",
            told and told["found"],
            f"exactly {shared:,}",
            exact,
            "every shared key and no other",
        ),
    ]


if __name__ == "__main__":
    shell(run)
