"""A storm over the border: letters lost, doubled, cut, changed; replies lost; nodes killed and begun again.

Two nodes in one process are joined by a wire that fails by a seeded draw, before or after the other side has acted. A
killed node is opened again from its folder, as it lies. The same seed gives the same storm.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from convenio.core.errors import ConvenioError, Unreachable
from convenio.core.words import _
from convenio.demo.cast import FIELDS, US
from tests.faults import truth

HALF = 0.5
TRIES = 6


@dataclass
class Weather:
    """How often what happens to a call; each between 0 and 1."""

    lost: float = 0.12
    reply_lost: float = 0.12
    doubled: float = 0.1
    cut: float = 0.06
    changed: float = 0.06


@dataclass
class Storm:
    """One run.

    Args:
        pair: two nodes (see tests/exchange/conftest.py).
        seed: of everything that happens.
        weather: how hard it blows.
    """

    pair: object
    seed: int
    weather: Weather = field(default_factory=Weather)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        for wire in (self.pair.to_mx, self.pair.to_us):
            wire.call = self._troubled(wire, wire.call)

    def _troubled(self, wire, calm):
        def call(path, content, *, kind=""):
            weather = self.weather
            if self.draw.random() < weather.lost:
                raise Unreachable(_("{party} did not answer in time", party="peer"))
            sent = content
            if sent and self.draw.random() < weather.cut:
                sent = sent[: self.draw.randrange(len(sent))]
            elif sent and self.draw.random() < weather.changed:
                at = self.draw.randrange(len(sent))
                sent = sent[:at] + bytes([sent[at] ^ (1 << self.draw.randrange(8))]) + sent[at + 1 :]
            if sent != content:
                calm(path, sent, kind=kind)
                raise Unreachable(_("{party} did not answer in time", party="peer"))
            answer = calm(path, content, kind=kind)
            if self.draw.random() < weather.doubled:
                answer = calm(path, content, kind=kind)
            if self.draw.random() < weather.reply_lost:
                raise Unreachable(_("{party} did not answer in time", party="peer"))
            return answer

        del wire
        return call

    def round(self) -> None:
        """One round of both nodes' own work, in any order."""
        work = [
            self.pair.us.post.deliver,
            self.pair.mx.post.deliver,
            self.pair.us.logs.step,
            self.pair.mx.logs.step,
            self.pair.us.logs.ask_witnesses,
            self.pair.mx.logs.ask_witnesses,
        ]
        self.draw.shuffle(work)
        for each in work:
            try:
                each()
            except ConvenioError:
                continue
        self.pair.clock.forward(minutes=6)

    def ask(self) -> str | None:
        """A match, tried as often as people would, and a request from a hit; None where the storm stopped it."""
        for _try in range(TRIES):
            try:
                match = self.pair.match()
            except ConvenioError:
                continue
            place = self.draw.choice(match.hits).place
            return self.pair.us.requests.open(
                match.run, [place], FIELDS, self.pair.person(US, "analyst"), reason=f"storm {self.seed}"
            )
        return None

    def decide(self) -> None:
        """Officers decide what waits: mostly two approve, sometimes one refuses."""
        for held in self.pair.mx.requests.all(side="answer", state="waiting"):
            try:
                if self.draw.random() < 0.2:
                    officer = self.pair.person(self.pair.extra["mx"], "releasing_officer")
                    self.pair.mx.deciding.refuse(held.id, officer, "the storm says no")
                    continue
                self.pair.approve(held.id, 0)
                self.pair.approve(held.id, 1)
            except ConvenioError:
                continue

    def calm(self) -> None:
        """The storm is over: everything that waits gets through."""
        self.weather = Weather(0, 0, 0, 0, 0)
        for _each in range(12):
            self.round()
        for node in (self.pair.us, self.pair.mx):
            node.logs.step()
            node.logs.ask_witnesses()

    def check(self, asked: list[str]) -> None:
        """Nothing lost, nothing twice, every request ended, both ledgers verify and reconcile.

        Raises:
            AssertionError: what does not hold, with the seed.
        """
        us, mx, told = self.pair.us, self.pair.mx, f"seed {self.seed}"
        truth.letters(us, mx, told)
        truth.requests(us, mx, asked, told)
        truth.ledgers(us, mx, told, self.pair.clock())


def blow(pair, seed: int, rounds: int) -> int:
    """One storm from beginning to end; how many requests went through it."""
    from convenio.demo.cast import MX

    pair.extra["mx"] = MX
    storm = Storm(pair, seed)
    asked: list[str] = []
    for _each in range(rounds):
        if storm.draw.random() < HALF:
            request = storm.ask()
            asked += [request] if request else []
        storm.round()
        storm.decide()
        storm.round()
    storm.calm()
    storm.decide()
    storm.calm()
    for held in pair.mx.requests.all(side="answer", state="waiting"):
        pair.approve(held.id, 0)
        pair.approve(held.id, 1)
    storm.calm()
    storm.check(asked)
    return len(asked)
