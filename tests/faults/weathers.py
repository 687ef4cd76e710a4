"""What befalls two real nodes: power cuts, a full disk, wrong clocks, a certificate that ends, a database that restarts.

Each is one run from an empty folder to a check of what lies on the disks. `python -m tests.faults` goes through them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from convenio.demo.cast import MX, SIDES, US
from convenio.exchange.keys import TLS_DAYS, certificate_of
from convenio.exchange.peers import Peers
from convenio.node.node import open_node
from convenio.node.setup import renew_roster_request
from convenio.policy.roster import read_roster, sign_roster
from tests.faults.nodes import Nodes
from tests.stores.postgres import address_of, postgres

ENDS_IN = 20
FIVE_MINUTES = 300.0
HALF_AN_HOUR = 1_500.0


@contextlib.contextmanager
def begun(folder: Path, seed: int, *, database: str = "", whole: bool = False) -> Iterator[Nodes]:
    """Two nodes that serve, with an order for findings that is open."""
    nodes = Nodes(folder, seed, database=database, whole=whole)
    try:
        nodes.prepare()
        nodes.start_all()
        nodes.open_order()
        yield nodes
    finally:
        nodes.close()


def power(folder: Path, seed: int, rounds: int, *, whole: bool = False) -> Nodes:
    """Nodes lose their power at any moment."""
    with begun(folder, seed, whole=whole) as nodes:
        nodes.storm(rounds, befall=nodes.killing)
        nodes.calm()
        nodes.check()
        return nodes


def disk(folder: Path, seed: int, rounds: int, *, whole: bool = False) -> Nodes:
    """The disk of one node is full for a while, and once it loses its power in the middle of it."""
    with begun(folder, seed, whole=whole) as nodes:

        def full() -> None:
            side = nodes.draw.choice(SIDES)
            nodes.fill_disk(side, nodes.draw.random() * 2, room=nodes.draw.choice((0, 4096, 65_536)))
            if nodes.draw.random() < 0.3:
                nodes.killing()

        nodes.storm(rounds, befall=full)
        nodes.calm()
        nodes.check()
        return nodes


def clocks(folder: Path, seed: int, rounds: int, *, whole: bool = False) -> Nodes:
    """Both clocks are wrong within what is borne; then one is half an hour ahead, until the other is set as well."""
    del whole
    with begun(folder, seed) as nodes:
        nodes.drop_curtain()
        nodes.start(US, skew=FIVE_MINUTES)
        nodes.start(MX, skew=-FIVE_MINUTES / 2)
        nodes.start_all()
        nodes.storm(rounds)
        nodes.calm()
        nodes.kill(US)
        nodes.start(US, skew=HALF_AN_HOUR)
        nodes.start_all()
        nodes.match()
        time.sleep(2)
        with nodes.at(US, "supervisor") as desk:
            waiting = desk.get("/status")["waiting"]
        assert [each["kind"] for each in waiting] == ["request"], (seed, waiting)
        nodes.kill(MX)
        nodes.start(MX, skew=HALF_AN_HOUR)
        nodes.calm()
        nodes.check()
        return nodes


def certificate(folder: Path, seed: int, rounds: int, *, whole: bool = False) -> Nodes:
    """A node's certificate ends while letters wait; its authority signs a roster with a new one."""
    with begun(folder, seed, whole=whole) as nodes:
        nodes.drop_curtain()
        _new_certificate(nodes, dt.timedelta(days=-TLS_DAYS, seconds=ENDS_IN))
        ends = time.monotonic() + ENDS_IN
        nodes.start_all()
        nodes.storm(rounds)
        time.sleep(max(0.0, ends - time.monotonic()) + 1)
        nodes.give()
        time.sleep(2)
        with nodes.at(MX, "supervisor") as desk:
            waiting = desk.get("/status")["waiting"]
        assert waiting, (seed, "nothing waits although the certificate ended")
        nodes.kill(US)
        _new_certificate(nodes, dt.timedelta())
        nodes.calm()
        nodes.check()
        return nodes


def database(folder: Path, seed: int, rounds: int, *, whole: bool = False) -> Nodes:
    """PostgreSQL ends at once and comes back, under one of the nodes."""
    import psutil

    def restarts() -> None:
        process = psutil.Process(server.get_pid())
        process.send_signal(signal.SIGQUIT)
        process.wait(120)
        time.sleep(nodes.draw.random())
        server.ensure_postgres_running()
        nodes.done.append("postgres")

    with postgres() as server, begun(folder, seed, database=address_of(server), whole=whole) as nodes:
        nodes.storm(rounds, befall=restarts)
        nodes.calm()
        nodes.check()
        return nodes


def _new_certificate(nodes: Nodes, shift: dt.timedelta) -> None:
    """A new certificate for the United States' node, its time moved by `shift`, in a roster that both sides take."""
    home = nodes.settings["us"].home
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    (home / "keys" / "tls.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (home / "keys" / "tls.crt").write_bytes(certificate_of(key, "us", now + shift))
    signed = sign_roster(read_roster(renew_roster_request(home)), nodes.authorities["us"].private)
    for side in SIDES:
        node = open_node(nodes.settings[side.party].home)
        try:
            _take(node.peers, signed, nodes.authorities["us"].public, own=side is US)
        finally:
            node.close()


def _take(peers: Peers, signed, authority, *, own: bool) -> None:
    if own:
        peers.adopt_own(signed, authority)
    else:
        peers.renew("us", signed)


WEATHERS = {each.__name__: each for each in (power, disk, clocks, certificate, database)}
