"""The stage: two nodes in folders of their own, set up as two governments would, each served by its own process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx2 as httpx
import pyarrow as pa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from convenio.core.canonical import b64
from convenio.core.errors import ConvenioError
from convenio.core.words import _
from convenio.demo.cast import PASSWORD, SIDES, Side
from convenio.demo.client import Desktop
from convenio.node.node import open_node
from convenio.node.settings import Settings
from convenio.node.setup import create_node, write_roster_request
from convenio.policy.agreement import read_agreement, sign
from convenio.policy.authority import AuthorityKey
from convenio.policy.roster import read_roster, sign_roster

READY_SECONDS = 300.0
AGREEMENT_FILE = Path(__file__).with_name("agreement.yml")


class Stage:
    """Everything the story needs, below one folder.

    Args:
        folder: an empty folder.
        free_ports: take any free ports instead of the usual ones.
    """

    def __init__(self, folder: Path, *, free_ports: bool) -> None:
        self.folder = folder
        self.settings: dict[str, Settings] = {}
        self.authorities: dict[str, AuthorityKey] = {}
        self.keys: dict[str, ed25519.Ed25519PrivateKey] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ports = _ports(free=free_ports)

    def set_up(self) -> None:
        """Authorities, nodes, people, rosters, peers, the agreement: all but the serving."""
        for side in SIDES:
            self.authorities[side.party] = AuthorityKey.create(self.folder / f"{side.party}-authority", side.party)
            self.settings[side.party] = self._node(side)
        rosters = {
            side.party: sign_roster(
                read_roster(write_roster_request(self.settings[side.party])), self.authorities[side.party].private
            )
            for side in SIDES
        }
        signed = sign(read_agreement(AGREEMENT_FILE), self.authorities["us"].private, "us")
        signed = sign(signed, self.authorities["mx"].private, "mx")
        for side in SIDES:
            other = next(each for each in SIDES if each is not side)
            node = open_node(self.settings[side.party].home)
            try:
                node.peers.adopt_own(rosters[side.party], self.authorities[side.party].public)
                node.peers.add(
                    other.party,
                    rosters[other.party],
                    self.authorities[other.party].public,
                    self.settings[other.party].exchange_address,
                )
                node.agreements.adopt(signed)
            finally:
                node.close()

    def collect(self, side: Side, table: pa.Table) -> None:
        """Bring customers into a node, by its analyst."""
        node = open_node(self.settings[side.party].home)
        try:
            node.holdings.collect(
                table,
                actor=node.people.person(side.player("analyst").name),
                record_type="customer",
                category="customer-identity",
                title="Customers of supervised institutions (made up)",
                provenance={"source": "convenio.world", "synthetic": True},
            )
        finally:
            node.close()

    def raise_curtain(self) -> None:
        """Start both nodes' processes and wait until both answer.

        Raises:
            ConvenioError: one of them ended or does not answer; its last words are told.
        """
        for side in SIDES:
            home = self.settings[side.party].home
            with (home / "serve.log").open("wb") as out:
                self._processes[side.party] = subprocess.Popen(  # noqa: S603 - our own command
                    [sys.executable, "-m", "convenio", "--lang", side.language, "node", "serve", str(home)],
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    env={**os.environ, "PYTHONUNBUFFERED": "1"},
                )
        for side in SIDES:
            self._wait(side)

    def desktop(self, side: Side, role: str, which: int = 0) -> Desktop:
        """A person of a side, signed in."""
        player = [each for each in side.players if role in each.roles][which]
        return Desktop(self.settings[side.party].address, player.name, PASSWORD, self.keys.get(player.name))

    def alive(self) -> bool:
        """Whether both processes run."""
        return all(each.poll() is None for each in self._processes.values())

    def drop_curtain(self) -> None:
        """Stop both nodes' processes."""
        for each in self._processes.values():
            if each.poll() is None:
                each.send_signal(signal.SIGTERM)
        for each in self._processes.values():
            try:
                each.wait(60)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait(5)
        self._processes.clear()

    def _node(self, side: Side) -> Settings:
        port, exchange_port = self._ports[side.party]
        settings = Settings(
            home=self.folder / side.party,
            party=side.party,
            name=side.title,
            language=side.language,
            port=port,
            exchange_port=exchange_port,
        )
        create_node(settings)
        node = open_node(settings.home)
        try:
            for name, (en, es) in side.agencies.items():
                node.people.add_agency(name, en=en, es=es)
            for player in side.players:
                person = node.people.add(
                    player.name,
                    PASSWORD,
                    full_name=player.full_name,
                    agency=player.agency,
                    roles=player.roles,
                    language=side.language,
                )
                if player.officer:
                    self.keys[player.name] = key = ed25519.Ed25519PrivateKey.generate()
                    self._write_key(player.name, key)
                    node.credentials.enrol(person, kind="ed25519", public=b64(key.public_key().public_bytes_raw()))
        finally:
            node.close()
        return settings

    def _write_key(self, name: str, key: ed25519.Ed25519PrivateKey) -> None:
        folder = self.folder / "officers"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{name}.pem"
        path.touch(mode=0o600)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def _wait(self, side: Side) -> None:
        until, process = time.monotonic() + READY_SECONDS, self._processes[side.party]
        address = self.settings[side.party].address
        with httpx.Client(trust_env=False, timeout=5) as client:
            while time.monotonic() < until and process.poll() is None:
                try:
                    client.get(f"{address}/api/v1/openapi.json")
                except httpx.HTTPError:
                    time.sleep(0.2)
                else:
                    return
        said = (self.settings[side.party].home / "serve.log").read_text(encoding="utf-8", errors="replace")
        raise ConvenioError(
            _("the node of {party} did not start: {why}", party=side.party, why=said[-600:].strip() or "-"),
            where=address,
        )


def _ports(*, free: bool) -> Mapping[str, tuple[int, int]]:
    """Two ports per side: the usual ones, or free ones where a usual one is taken."""
    usual = {side.party: (side.port, side.port + 1) for side in SIDES}
    if not free and all(_is_free(port) for pair in usual.values() for port in pair):
        return usual
    held = [socket.socket() for _each in range(2 * len(SIDES))]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        ports = [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
    return {side.party: (ports[2 * i], ports[2 * i + 1]) for i, side in enumerate(SIDES)}


def _is_free(port: int) -> bool:
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
