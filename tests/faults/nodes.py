"""Two real nodes, each in a process of its own, with a wire between them that fails: what people do, and what befalls."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx

from convenio.core.canonical import canonical
from convenio.core.errors import ConvenioError
from convenio.demo.cast import AGREEMENT, CASE, CLAUSE, FIELDS, MX, PURPOSE, SIDES, US, Side
from convenio.demo.client import Desktop
from convenio.demo.stage import Stage
from convenio.node.node import open_node
from convenio.people.credentials import sign_decision
from convenio.stores.tables import Peer
from convenio.world.world import World
from tests.exchange import standing
from tests.faults import truth
from tests.faults.proxy import CALM, Proxy, Sky

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
TROUBLE = (ConvenioError, httpx.HTTPError)


class Nodes(Stage):
    """Both nodes, their wires, and the people at them.

    Args:
        folder: an empty folder.
        seed: of everything that is drawn here and on the wires.
        database: an address for Mexico's database; the embedded one where it is empty.
        whole: start the nodes by the command that people use, with all pages and programs; it takes longer.
    """

    def __init__(self, folder: Path, seed: int, *, database: str = "", whole: bool = False) -> None:
        super().__init__(folder, free_ports=True)
        self.draw = random.Random(seed)
        self.seed = seed
        self.asked: list[str] = []
        self.orders: list[str] = []
        self.handed: set[int] = set()
        self.wires: dict[str, Proxy] = {}
        self.done: list[str] = []
        self.whole = whole
        self.trouble: list[str] = []
        self.waits: object = ()
        self._database = database
        self._desks: dict[tuple[str, str, int], Desktop] = {}

    def prepare(self) -> None:
        """Everything but the serving: parties, people, agreements, customers, wires."""
        self.set_up()
        planted = World().plant(shared=2, nominees=3, customers=120)
        self.nominees = planted.nominees.select(["name", "curp"]).to_pylist()
        self.collect(MX, planted.customers)
        made = standing.signed(self.authorities, standing.agreement())
        for number, side in enumerate(SIDES):
            self.wires[side.party] = Proxy(self.settings[side.party].exchange_port, self.seed * 2 + number, CALM)
        for side, other in (SIDES, SIDES[::-1]):
            node = open_node(self.settings[side.party].home)
            node.agreements.adopt(made)
            with node.store.transaction() as session:
                session.get(Peer, other.party).address = f"https://127.0.0.1:{self.wires[other.party].port}"
            node.close()

    def start(self, side: Side, *, skew: float = 0.0) -> None:
        """Start one node's process, its clock wrong by so many seconds."""
        home = str(self.settings[side.party].home)
        command = ["tests.faults.serving", home, str(skew)]
        if self.whole:
            command = ["convenio", "--lang", side.language, "node", "serve", home]
        with (self.settings[side.party].home / "serve.log").open("ab") as out:
            self._processes[side.party] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    def start_all(self) -> None:
        """Start what does not run, and wait until both answer."""
        for side in SIDES:
            if side.party not in self._processes or self._processes[side.party].poll() is not None:
                self.start(side)
        for side in SIDES:
            self._wait(side)

    def kill(self, side: Side) -> None:
        """End a node's process as a power cut does."""
        process = self._processes[side.party]
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        self.done.append(f"kill {side.party}")

    def fill_disk(self, side: Side, seconds: float, room: int = 4096) -> None:
        """No file of a node grows beyond `room` bytes for a while: the disk is full."""
        pid = self._processes[side.party].pid
        _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, hard))
        self.done.append(f"disk {side.party}")
        time.sleep(seconds)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    def weather(self, sky: Sky) -> None:
        """Change the weather on both wires."""
        for each in self.wires.values():
            each.sky = sky

    @contextlib.contextmanager
    def at(self, side: Side, role: str, which: int = 0):
        """A person of a side at their desk."""
        name = (side.party, role, which)
        if name not in self._desks:
            self._desks[name] = self.desktop(side, role, which)
        yield self._desks[name]

    def match(self) -> None:
        """An analyst asks blindly, and requests what a hit stands for."""
        subjects = [{"label": row["name"], "curp": row["curp"]} for row in self.nominees]
        order = {
            "peer": "mx", "agreement": AGREEMENT, "clause": CLAUSE, "kind": "curp", "purpose": PURPOSE, "case": CASE,
            "subject_role": "suspect", "subjects": subjects,
        }  # fmt: skip
        with self.at(US, "analyst") as desk:
            made = desk.post("/matches", order)
            place = self.draw.choice(made["hits"])["place"]
            told = {"run": made["run"], "places": [place], "fields": FIELDS, "reason": "the storm"}
            self.asked.append(desk.post("/requests", told)["request"])

    def order(self) -> None:
        """An analyst orders findings, until a day."""
        wanted = standing.wanted(dt.datetime.now(dt.UTC))
        with self.at(US, "analyst") as desk:
            told = {**vars(wanted), "until": wanted.until.isoformat()}
            self.orders.append(desk.post("/standing-orders", told)["order"])

    def open_order(self) -> None:
        """An order for findings, approved by two officers, and open on both sides."""
        self.order()

        def is_open() -> bool:
            self.decide()
            with self.at(US, "analyst") as desk:
                return any(each["state"] == "open" for each in desk.get("/standing-orders"))

        self._patiently(is_open, lambda: f"the order was not approved: {self.trouble[-3:]}")

    def decide(self) -> None:
        """Two officers approve what waits, requests and orders."""
        for which in (0, 1):
            with self.at(MX, "releasing_officer", which) as desk:
                key = self.keys[desk.name]
                for path in ("/requests", "/standing-orders"):
                    for each in desk.get(path):
                        if each["state"] == "waiting":
                            with contextlib.suppress(*TROUBLE):
                                told = desk.get(f"{path}/{each['id']}/decision")["digest"]
                                desk.post(f"{path}/{each['id']}/approvals", {"signature": sign_decision(key, told)})

    def give(self, count: int = 5) -> None:
        """Mexico's analyst hands findings in, again where it is not known whether they went out."""
        first = max(self.handed, default=-1) + 1
        numbers = range(first, first + count)
        self.handed.update(numbers)
        self._hand_in(list(numbers))

    def recall(self) -> None:
        """Mexico's supervisor takes one release back."""
        with self.at(MX, "supervisor") as desk:
            ready = [each for each in desk.get("/releases") if each["state"] == "delivered"]
            if ready:
                desk.post(f"/releases/{self.draw.choice(ready)['id']}/recall", {"reason": "the storm"})

    def storm(self, rounds: int, *, befall: Callable[[], None] | None = None) -> None:
        """People at work while the weather is bad; now and then `befall` befalls them."""
        self.weather(Sky())
        acts = [self.match, self.decide, self.give, self.give, self.recall, self.decide]
        for _each in range(rounds):
            act = self.draw.choice(acts)
            try:
                act()
            except TROUBLE as error:
                self.trouble.append(f"{act.__name__}: {error}")
            self.done.append(act.__name__)
            if befall is not None and self.draw.random() < 0.3:
                befall()
            time.sleep(self.draw.random() * 0.5)
        self.weather(CALM)

    def killing(self) -> None:
        """One of the nodes loses its power, and comes back."""
        side = self.draw.choice(SIDES)
        self.kill(side)
        time.sleep(self.draw.random() * 0.5)
        self.start_all()

    def calm(self) -> None:
        """The storm is over: what waits gets through."""
        self.weather(CALM)
        self.start_all()
        self._patiently(self._ended, lambda: f"something still waits: {self.waits}, {self.trouble[-3:]}")

    def check(self) -> None:
        """Stop both nodes and look at what lies on their disks.

        Raises:
            AssertionError: what does not hold, with the seed.
        """
        self.drop_curtain()
        told = f"seed {self.seed}"
        us, mx = open_node(self.settings["us"].home), open_node(self.settings["mx"].home)
        try:
            truth.letters(us, mx, told)
            truth.requests(us, mx, self.asked, told)
            truth.ledgers(us, mx, told, us.clock())
            self._findings(us, told)
        finally:
            us.close()
            mx.close()

    def close(self) -> None:
        """End the processes and the wires."""
        for desk in self._desks.values():
            desk.close()
        self.drop_curtain()
        for each in self.wires.values():
            each.close()

    def _node(self, side: Side):
        if side is MX and self._database:
            os.environ["CONVENIO_DATABASE"] = self._database
        try:
            return super()._node(side)
        finally:
            os.environ.pop("CONVENIO_DATABASE", None)

    def _hand_in(self, numbers: list[int]) -> None:
        if not self.orders or not numbers:
            return
        findings = [
            {"reference": f"f-{number}", "subject_role": "suspect", "finding": standing.finding(number)}
            for number in numbers
        ]
        with self.at(MX, "analyst") as desk:
            desk.post(f"/standing-orders/{self.orders[0]}/findings", {"findings": findings})

    def _ended(self) -> bool:
        """Whether nothing waits on either side, after a last push of what people would do."""
        for push in (self.decide, lambda: self._hand_in(sorted(self.handed)[:1000])):
            try:
                push()
            except TROUBLE as error:
                self.trouble.append(f"calm: {error}")
        before = self._still()
        if not before:
            return False
        with self.at(US, "analyst") as desk:
            states = {each["id"]: each["state"] for each in desk.get("/requests")}
        with self.at(MX, "supervisor") as desk:
            releases = {each["state"] for each in desk.get("/releases")}
        self.waits = (states, releases)
        ended = all(states[each] in {"released", "refused"} for each in self.asked)
        return ended and releases <= {"delivered", "recalled"} and self._still() == before

    def _still(self) -> list[tuple[str, str, int]]:
        """The size of each border ledger; empty while a letter, an entry or a cosignature waits on either side."""
        sizes = []
        for side in SIDES:
            with self.at(side, "supervisor") as desk:
                status = desk.get("/status")
            self.waits = (side.party, status["waiting"], status["ledgers"], status["troubles"])
            borders = [each for each in status["ledgers"] if "unwitnessed" in each]
            if status["waiting"] or any(each["unwitnessed"] or each["unwritten"] for each in borders):
                return []
            sizes += [(side.party, each["log"], each["size"]) for each in borders]
        return sizes

    def _findings(self, us, told: str) -> None:
        """Every finding that was handed in came once, and none that was not."""
        analyst, seen = us.people.person(US.player("analyst").name), []
        gone = 0
        for copy in us.copies.all(limit=100_000):
            if copy.request not in self.orders:
                continue
            if copy.state != "open":
                gone += next(each.count for each in us.taking.all(copy.request) if each.release == copy.id)
                continue
            rows = us.copies.open(copy.id, analyst, purpose="joint-designation", case="OFAC-2021-1006")
            seen += [canonical(row) for row in rows]
        wanted = {canonical(standing.finding(number)) for number in self.handed}
        assert len(seen) == len(set(seen)), (told, "a finding came twice")
        assert set(seen) <= wanted, (told, "a finding came that was not given")
        assert len(seen) + gone == len(wanted), (told, "a finding was lost", len(seen), gone, len(wanted))

    @staticmethod
    def _patiently(holds: Callable[[], bool], why: Callable[[], str]) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(*TROUBLE):
                if holds():
                    return
            time.sleep(0.3)
        raise AssertionError(why())
