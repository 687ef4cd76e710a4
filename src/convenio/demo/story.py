"""The story of two nodes, step by step, each step checked where it happens."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from convenio.core.errors import ConvenioError, InputError
from convenio.core.words import Message, _
from convenio.demo.cast import AGREEMENT, CASE, CLAUSE, FIELDS, MX, PURPOSE, SIDES
from convenio.demo.client import Declined, Desktop
from convenio.demo.decisions import decide, those
from convenio.demo.families import compare
from convenio.demo.health import look
from convenio.demo.stage import Stage
from convenio.ledger.verify import verify
from convenio.world.plant import Planted
from convenio.world.world import World

CUSTOMERS = 200_000
PATIENCE = 180.0
SHORT_LIFE = dt.timedelta(seconds=6)


@dataclass
class Told:
    """What the story came to.

    `planted` people are known to both sides; `asked` keys were sent; `hits` of them hit, `false_hits` of these are not
    planted. `released` copies arrived and opened; `refused` acts left a receipt that says no; `receipts` all told;
    `ledger_entries` stand in both nodes' ledgers, of which `ledgers_verified` (2 where all is well) verify from their
    first byte to a checkpoint that the other side cosigned. `name_hits` customers were found by name and birth date
    alone once the designation was public, `name_false_hits` of them wrongly.
    """

    planted: int = 0
    hits: int = 0
    false_hits: int = 0
    asked: int = 0
    released: int = 0
    refused: int = 0
    receipts: int = 0
    ledger_entries: int = 0
    ledgers_verified: int = 0
    name_hits: int = 0
    name_false_hits: int = 0
    seconds: float = 0.0


class Failed(ConvenioError):
    """A step that did not come out as the story has it."""

    exit_code = 1


@dataclass
class Story:
    """Tells the story.

    Args:
        stage: where it plays.
        step: called at the beginning of every step, with its words.
        nominees: people to ask about instead of the made-up ones, as label and CURP.
        customers: how many customers Mexico's side has.
    """

    stage: Stage
    step: Callable[[Message], None]
    nominees: Sequence[tuple[str, str]] | None = None
    customers: int = CUSTOMERS
    told: Told = field(default_factory=Told)
    _opened: list[Desktop] = field(default_factory=list)
    _planted: Planted | None = None

    def run(self) -> Told:
        """Tell it from the beginning to the end; both nodes serve afterwards.

        Raises:
            Failed: a step did not come out as it should.
        """
        began = time.monotonic()
        self.step(_("Two authorities, two nodes, one agreement that both have signed"))
        self.stage.set_up()
        self.step(_("Mexico's institutions have {count} customers, all made up", count=f"{self.customers:,}"))
        subjects, shared = self._world()
        self.told.planted = len(shared)
        self.step(_("Both nodes begin to serve, over mutual TLS"))
        self.stage.raise_curtain()
        self.step(_("The United States asks, blindly, about {count} people", count=f"{len(subjects):,}"))
        match = self._match(subjects, shared)
        if match["hits"]:
            self._hit(match)
        else:
            self.step(_("No hit: nothing can be requested, and an invented hit is refused"))
            self._refused(
                lambda: self._us().post(
                    "/requests", {"run": match["run"], "places": [0], "fields": FIELDS, "reason": "-"}
                ),
                receipt=False,
            )
            self._refused(lambda: self._ask_about(subjects, purpose="curiosity"))
        if self._planted is not None:
            self.step(_("The designation is public: Mexico's institutions find the four by name and birth date alone"))
            self._by_name(self._planted)
        self.step(_("Both health agencies look for where harm rises, each over its own counts"))
        for side in SIDES:
            alarms, decided = look(self.stage, side)
            if not alarms or not decided:
                raise Failed(_("no alarm was raised where counts rise"))
        self.step(
            _("Remains found in the United States are held against families waiting in Mexico; no genotype is told")
        )
        remains, worth, decided = compare(self.stage)
        if not 0 < worth < remains or not decided:
            raise Failed(_("the remains were not compared as they should"))
        self.step(_("Both ledgers are verified from their first byte, against what the other side cosigned"))
        self._verify()
        self._count()
        self.told.seconds = round(time.monotonic() - began, 2)
        for each in self._opened:
            each.close()
        return self.told

    def _hit(self, match: dict[str, Any]) -> None:
        self.step(
            _("An analyst requests what one hit stands for; two Mexican officers approve, each with their own key")
        )
        began = time.monotonic()
        copy = self._release(match, 0)
        took = dt.timedelta(seconds=time.monotonic() - began)
        self.step(_("The copy opens for its purpose; for another purpose, to pass on, or for court it does not"))
        self._uses(copy)
        self.step(_("A second copy is given for a few seconds only; after that nobody can open it"))
        self._expires(match, max(SHORT_LIFE, 4 * took))
        self.step(_("A request beyond the clause is refused, and the receipt says why"))
        self._refused(
            lambda: self._us().post(
                "/requests",
                {"run": match["run"], "places": [match["hits"][0]["place"]], "fields": ["religion"], "reason": "-"},
            )
        )

    def _world(self) -> tuple[list[dict[str, Any]], set[str]]:
        shared = 0 if self.nominees is not None else 4
        made = World().plant(shared=shared, nominees=max(4, shared), customers=self.customers)
        self.stage.collect(MX, made.customers)
        self._planted = made if shared else None
        if self.nominees is not None:
            return [{"label": label, "curp": curp} for label, curp in self.nominees], set()
        names = made.nominees.column("name").to_pylist()
        subjects = [
            {"label": name, "curp": curp}
            for name, curp in zip(names, made.nominees.column("curp").to_pylist(), strict=True)
        ]
        truth = zip(made.truth.column("curp").to_pylist(), made.truth.column("shared").to_pylist(), strict=True)
        return subjects, {curp for curp, is_shared in truth if is_shared}

    def _by_name(self, planted: Planted) -> None:
        """What each institution can do by itself, with no CURP and no node: screen its customers for the four names."""
        from convenio.programs.finance.demo import screen_nominees

        hits = screen_nominees(planted.nominees, planted.customers).select(["entry_id", "customer_id"]).to_pylist()
        truth = {(row["nominee_id"], row["person_id"]) for row in planted.truth.to_pylist() if row["shared"]}
        found = {(row["entry_id"], row["customer_id"]) for row in hits}
        self.told.name_hits, self.told.name_false_hits = len(found), len(found - truth)
        if not truth <= found:
            raise Failed(
                _("{found} of {shared} people were found by name", found=len(found & truth), shared=len(truth))
            )
        self.step(_("Their analyst decides on every hit; the framework's scorecard counts the decisions"))
        of_them = those(planted.customers, {customer for _nominee, customer in found})
        home, analyst = self.stage.settings[MX.party].home, MX.player("analyst").name
        if decide(home, planted.nominees, of_them, truth, analyst) < len(truth):
            raise Failed(_("a decision is missing"))

    def _ask_about(self, subjects: list[dict[str, Any]], purpose: str = PURPOSE) -> Any:
        return self._us().post(
            "/matches",
            {
                "peer": MX.party,
                "agreement": AGREEMENT,
                "clause": CLAUSE,
                "kind": "curp",
                "purpose": purpose,
                "case": CASE,
                "subject_role": "suspect",
                "subjects": subjects,
            },
        )

    def _match(self, subjects: list[dict[str, Any]], shared: set[str]) -> dict[str, Any]:
        match: dict[str, Any] = self._ask_about(subjects)
        found = {subjects[each["place"]]["curp"] for each in match["hits"]}
        self.told.asked, self.told.hits = match["asked"], len(found)
        self.told.false_hits = len(found - shared)
        if found != shared:
            raise Failed(
                _("{found} people hit where {shared} are known to both sides", found=len(found), shared=len(shared))
            )
        answered = [each for each in self._mx("auditor").get("/matches") if each["id"] == match["run"]]
        if len(answered) != 1 or answered[0]["asked"] != match["asked"] or answered[0]["hits"] is not None:
            raise Failed(_("the two sides do not agree on what was asked"))
        return match

    def _release(self, match: dict[str, Any], hit: int, **more: Any) -> dict[str, Any]:
        place = match["hits"][hit]["place"]
        wanted = {"run": match["run"], "places": [place], "fields": FIELDS, "reason": "Joint designation", **more}
        request = self._us().post("/requests", wanted)["request"]
        with self._patience(_("the request does not arrive")) as again:
            for _try in again:
                if any(
                    each["id"] == request for each in self._mx("releasing_officer").get("/requests", state="waiting")
                ):
                    break
        first = self._mx("releasing_officer").approve(request)
        if first != "waiting":
            raise Failed(_("one signature was enough to release"))
        self._refused(lambda: self._mx("releasing_officer").approve(request), receipt=False)
        if self._mx("releasing_officer", 1).approve(request) != "released":
            raise Failed(_("two signatures did not release"))
        with self._patience(_("the release does not arrive")) as again:
            for _try in again:
                copies = [each for each in self._us().get("/copies") if each["request"] == request]
                if copies and copies[0]["state"] in {"open", "expired"}:
                    break
        found: dict[str, Any] = copies[0]
        self.told.released += found["state"] == "open"
        return found

    def _uses(self, copy: dict[str, Any]) -> None:
        us, path = self._us(), f"/copies/{copy['id']}"
        rows = us.post(f"{path}/open", {"purpose": PURPOSE, "case": CASE})
        if len(rows) != 1 or set(rows[0]) != set(FIELDS):
            raise Failed(_("the copy does not hold what was released"))
        self._refused(lambda: us.post(f"{path}/open", {"purpose": "tax-collection", "case": CASE}))
        self._refused(lambda: us.post(f"{path}/forward", {"purpose": PURPOSE, "case": CASE, "to": "ca"}))
        self._refused(lambda: us.post(f"{path}/court", {"purpose": PURPOSE, "case": CASE}))

    def _expires(self, match: dict[str, Any], life: dt.timedelta) -> None:
        """A copy for a short while, which has to be long enough for it to arrive: the machine may be slow."""
        for lives in (1, 4, 16):
            until = dt.datetime.now(dt.UTC) + lives * life
            try:
                copy = self._release(match, min(1, len(match["hits"]) - 1), until=until.isoformat())
            except Declined:
                if dt.datetime.now(dt.UTC) < until:
                    raise
                continue
            if copy["state"] == "open":
                break
        else:
            raise Failed(_("the release does not arrive"))
        time.sleep(max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds() + 0.2))
        self._refused(lambda: self._us().post(f"/copies/{copy['id']}/open", {"purpose": PURPOSE, "case": CASE}))
        with self._patience(_("the copy is not erased")) as again:
            for _try in again:
                if any(each["id"] == copy["id"] and each["state"] == "expired" for each in self._us().get("/copies")):
                    break

    def _refused(self, act: Callable[[], Any], *, receipt: bool = True) -> None:
        try:
            act()
        except Declined as error:
            if receipt and not error.problem.get("advice"):
                raise Failed(_("a refusal came without a receipt")) from error
            return
        raise Failed(_("something was allowed that the agreement forbids"))

    def _verify(self) -> None:
        for side in SIDES:
            other = next(each for each in SIDES if each is not side)
            name = f"border-{other.party}"
            with self._patience(_("the ledger of {party} is not cosigned", party=side.party)) as again:
                for _try in again:
                    state = self._at(side.party, "auditor").get("/status")
                    held = {each["log"]: each for each in state["ledgers"]}
                    report = verify(self.stage.settings[side.party].home / "ledger" / name)
                    waits = state["waiting"] or held[name]["unwritten"] or report.cosigned != report.size
                    if held[name]["size"] and not waits:
                        break
            self.told.ledgers_verified += report.holds
            self.told.ledger_entries += sum(each["size"] for each in held.values())
        if self.told.ledgers_verified != len(SIDES):
            raise Failed(_("a ledger does not verify"))

    def _count(self) -> None:
        for side in SIDES:
            receipts = self._at(side.party, "auditor").get("/receipts", limit=1000)
            self.told.receipts += len(receipts)
            self.told.refused += sum(not each["allowed"] for each in receipts)

    def _us(self) -> Desktop:
        return self._at("us", "analyst")

    def _mx(self, role: str, which: int = 0) -> Desktop:
        return self._at("mx", role, which)

    def _at(self, party: str, role: str, which: int = 0) -> Desktop:
        side = next(each for each in SIDES if each.party == party)
        name = [each for each in side.players if role in each.roles][which].name
        for each in self._opened:
            if each.name == name:
                return each
        made = self.stage.desktop(side, role, which)
        self._opened.append(made)
        return made

    @contextmanager
    def _patience(self, otherwise: Message) -> Iterator[Iterator[None]]:
        def again() -> Iterator[None]:
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until:
                yield
                if not self.stage.alive():
                    raise Failed(_("a node ended"))
                time.sleep(0.15)
            raise Failed(otherwise)

        yield again()


def read_nominees(path: Path) -> list[tuple[str, str]]:
    """Label and CURP of everyone on OFAC's `sdn.csv` who has one, each CURP once.

    Raises:
        InputError: the file is no such list, or nobody on it has a CURP.
    """
    from convenio.programs.finance.sources.ofac_sdn import read_sdn

    found: dict[str, str] = {}
    for entry in read_sdn(path).entries:
        for curp in entry.identified_by("curp"):
            found.setdefault(curp, entry.name)
    if not found:
        raise InputError(
            _("nobody on this list has a CURP"), where=str(path), advice=_("is it OFAC's sdn.csv, with its remarks?")
        )
    return [(label, curp) for curp, label in found.items()]
