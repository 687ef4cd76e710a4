"""Two nodes in one process, joined by their exchange applications; TLS itself is tested with real processes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from starlette.testclient import TestClient

from convenio.core.canonical import b64, digest, unb64
from convenio.core.errors import Unreachable
from convenio.core.words import _
from convenio.demo.cast import AGREEMENT, CASE, CLAUSE, FIELDS, MX, PASSWORD, PURPOSE, SIDES, US, Side
from convenio.demo.stage import AGREEMENT_FILE
from convenio.exchange.asking import Match, Order, Subject
from convenio.exchange.transport import CERTIFICATE, PeerSaysNo
from convenio.exchange.wire import exchange_app
from convenio.node.node import Node, bootstrap
from convenio.node.settings import Settings
from convenio.node.setup import create_node, write_roster_request
from convenio.people.accounts import Person
from convenio.people.credentials import sign_decision
from convenio.policy.agreement import read_agreement, sign
from convenio.policy.authority import AuthorityKey
from convenio.policy.roster import read_roster, sign_roster
from convenio.world.world import World

START = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)


@dataclass
class Clock:
    """A clock that tests move."""

    at: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += dt.timedelta(**by)


class Wire:
    """Calls the other node's exchange application as if over the line; may be cut."""

    def __init__(self, certificate: bytes, other: Node) -> None:
        inner = exchange_app(other.exchange())

        async def app(scope, receive, send):
            await inner({**scope, CERTIFICATE: certificate}, receive, send)

        self.client = TestClient(app, raise_server_exceptions=False)
        self.cut = False
        self.sent: list[tuple[str, bytes]] = []
        self.instead: dict[str, bytes] = {}

    def call(self, path: str, content: bytes, *, kind: str = "") -> tuple[int, bytes]:
        if self.cut:
            raise Unreachable(_("{party} did not answer in time", party="mx"))
        self.sent.append((path, content))
        for part, answer in self.instead.items():
            if part in path:
                return 200, answer
        got = self.client.post(path, content=content)
        return got.status_code, got.content

    def post(self, path: str, content: bytes, *, kind: str = "") -> bytes:
        status, body = self.call(path, content)
        if status != 200:
            raise PeerSaysNo.from_problem("mx", status, body)
        return body

    def close(self) -> None:
        self.client.close()


@dataclass
class Pair:
    """Two nodes that have signed the agreement; Mexico's holds customers."""

    us: Node
    mx: Node
    clock: Clock
    authorities: dict[str, AuthorityKey]
    keys: dict[str, ed25519.Ed25519PrivateKey]
    to_mx: Wire
    to_us: Wire
    nominees: pa.Table
    truth: pa.Table
    extra: dict[str, object] = field(default_factory=dict)

    def person(self, side: Side, role: str, which: int = 0) -> Person:
        node = self.us if side is US else self.mx
        return node.people.person([each for each in side.players if role in each.roles][which].name)

    def subjects(self) -> list[Subject]:
        rows = self.nominees.select(["name", "curp"]).to_pylist()
        return [Subject(row["name"], {"curp": row["curp"]}) for row in rows]

    def order(self, subjects: list[Subject] | None = None, **other: object) -> Order:
        told = {
            "peer": "mx",
            "agreement": AGREEMENT,
            "clause": CLAUSE,
            "kind": "curp",
            "purpose": PURPOSE,
            "case": CASE,
            "subject_role": "suspect",
            "subjects": self.subjects() if subjects is None else subjects,
        }
        return Order(**{**told, **other})

    def match(self) -> Match:
        return self.us.asking.ask(self.order(), self.person(US, "analyst"))

    def settle(self) -> None:
        """Deliver letters until nothing waits."""
        for _round in range(12):
            if not self.us.post.deliver() + self.mx.post.deliver():
                return

    def approve(self, request: str, which: int) -> str:
        officer = self.person(MX, "releasing_officer", which)
        told = digest(self.mx.deciding.decision(request))
        return self.mx.deciding.approve(request, officer, sign_decision(self.keys[officer.name], told))

    def released(self, **more: object) -> tuple[str, str]:
        """A request from the first hit, approved and delivered: request and copy."""
        match = self.match()
        request = self.us.requests.open(
            match.run, [match.hits[0].place], FIELDS, self.person(US, "analyst"), reason="joint designation", **more
        )
        self.settle()
        self.approve(request, 0)
        self.approve(request, 1)
        self.settle()
        return request, self.us.copies.all()[0].id


@cache
def made_up():
    """The same people for every module that borrows this fixture: they are made up once."""
    return World().plant(shared=2, nominees=3, customers=300)


@pytest.fixture(scope="session")
def planted():
    return made_up()


@pytest.fixture
def pair(tmp_path: Path, planted) -> Iterator[Pair]:
    clock = Clock()
    authorities = {side.party: AuthorityKey.create(tmp_path / f"{side.party}-authority", side.party) for side in SIDES}
    keys: dict[str, ed25519.Ed25519PrivateKey] = {}
    nodes, rosters = {}, {}
    for number, side in enumerate(SIDES):
        settings = Settings(
            home=tmp_path / side.party,
            party=side.party,
            name=side.title,
            language=side.language,
            port=9001 + 10 * number,
            exchange_port=9002 + 10 * number,
        )
        create_node(settings, clock=clock)
        node = nodes[side.party] = bootstrap(settings, clock=clock, fast=True)
        for name, (en, es) in side.agencies.items():
            node.people.add_agency(name, en=en, es=es)
        for player in side.players:
            person = node.people.add(
                player.name, PASSWORD, full_name=player.full_name, agency=player.agency, roles=player.roles
            )
            if player.officer:
                keys[player.name] = key = ed25519.Ed25519PrivateKey.generate()
                node.credentials.enrol(person, kind="ed25519", public=b64(key.public_key().public_bytes_raw()))
        wanted = read_roster(write_roster_request(settings, clock=clock))
        rosters[side.party] = sign_roster(wanted, authorities[side.party].private)
    signed = sign(read_agreement(AGREEMENT_FILE), authorities["us"].private, "us")
    signed = sign(signed, authorities["mx"].private, "mx")
    for side, other in (SIDES, SIDES[::-1]):
        node = nodes[side.party]
        node.peers.adopt_own(rosters[side.party], authorities[side.party].public)
        node.peers.add(
            other.party,
            rosters[other.party],
            authorities[other.party].public,
            nodes[other.party].settings.exchange_address,
        )
        node.agreements.adopt(signed)
    nodes["mx"].holdings.collect(
        planted.customers,
        actor=nodes["mx"].people.person(MX.player("analyst").name),
        record_type="customer",
        category="customer-identity",
        title="Customers",
    )
    lines = {}
    for side, other in (SIDES, SIDES[::-1]):
        certificate = unb64(nodes[side.party].keys.public()["tls"])
        lines[side.party] = Wire(certificate, nodes[other.party])
        nodes[side.party].peers._line = lambda _party, _patience, wire=lines[side.party]: wire
        nodes[side.party].logs.open()
    made = Pair(
        nodes["us"], nodes["mx"], clock, authorities, keys, lines["us"], lines["mx"], planted.nominees, planted.truth
    )
    yield made
    for each in lines.values():
        each.close()
    for node in nodes.values():
        node.stop()
