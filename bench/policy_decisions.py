"""Policy: decisions a second over 1,000 live agreements, and the engine beside an oracle on random requests.

The peer is the oracle of tests/policy: plain Python over the YAML document. It is no faster engine to be beaten but a
second opinion; a leak is a request that the engine allows and the oracle does not.
"""

from __future__ import annotations

import copy
import datetime as dt
import os
import random
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.harness import Row, clock, shell
from convenio.custody.receipts import Receipts
from convenio.demo.stage import AGREEMENT_FILE
from convenio.exchange.agreements import Agreements
from convenio.exchange.desk import Desk, Question
from convenio.ledger.intents import remember
from convenio.policy.agreement import SignedAgreement, read_agreement
from convenio.policy.ask import Ask
from convenio.policy.engine import Engine, forget, law_of
from convenio.stores.operational import Store
from convenio.stores.tables import Agreement as Adopted
from tests.policy.oracle import decides, drawn, lawful

AT = dt.datetime(2021, 10, 4, 12, tzinfo=dt.UTC)


def agreements(count: int) -> list[SignedAgreement]:
    document = yaml.safe_load(AGREEMENT_FILE.read_text(encoding="utf-8"))
    first = read_agreement(AGREEMENT_FILE)
    made = [SignedAgreement(document=first)]
    for number in range(1, count):
        other = copy.deepcopy(document)
        other["id"] = f"agreement-{number}"
        made.append(SignedAgreement(document=first.model_copy(update={"id": other["id"]})))
    return made


def ask(told: dict[str, Any], agreement: str) -> Ask:
    told = {**told, "categories": tuple(told["categories"]), "fields": tuple(told["fields"])}
    return Ask(agreement=agreement, actor="someone", **told)


def compare(job: tuple[int, int]) -> tuple[int, int, int]:
    """Requests allowed, leaks and false denials of one share of the random requests."""
    seed, count = job
    document = yaml.safe_load(AGREEMENT_FILE.read_text(encoding="utf-8"))
    engine = Engine([SignedAgreement(document=read_agreement(AGREEMENT_FILE))], law_of("mx"))
    draw = random.Random(seed)
    allowed = leaks = denied = 0
    for _each in range(count):
        told, at = drawn(document, draw)
        wanted = decides(document, told, at) and lawful(told)
        got = engine.decide(ask(told, "us-mx-joint-action"), at).allowed
        allowed += got
        leaks += got and not wanted
        denied += wanted and not got
    return allowed, leaks, denied


def share(job: tuple[int, int, int]) -> tuple[int, float, float]:
    """One process's decisions with an engine of its own: how many, and when it began and ended them."""
    seed, live, count = job
    engine = Engine(agreements(live), law_of("mx"))
    asked = questions(seed, live)
    for one, at in asked:
        engine.decide(one, at)
    began = time.monotonic()
    for number in range(count):
        engine.decide(*asked[number % len(asked)])
    return count, began, time.monotonic()


def together(live: int, count: int, workers: int) -> float:
    """Decisions a second of several processes, counted while all of them decide."""
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(share, [(seed, live, count) for seed in range(1, workers + 1)]))
    return sum(number / (ended - began) for number, began, ended in found)


def questions(seed: int, live: int) -> list[tuple[Ask, dt.datetime]]:
    """Random questions, spread over the agreements."""
    document = yaml.safe_load(AGREEMENT_FILE.read_text(encoding="utf-8"))
    draw, asked = random.Random(seed), []
    for number in range(5_000):
        told, at = drawn(document, draw)
        name = "us-mx-joint-action" if number % live == 0 else f"agreement-{number % live}"
        asked.append((ask(told, name), at))
    return asked


def run(*, quick: bool) -> list[Row]:
    live, count, decisions, kept = (50, 20_000, 5_000, 200) if quick else (1_000, 1_000_000, 100_000, 5_000)
    with clock() as compiling:
        engine = Engine(agreements(live), law_of("mx"))
    asked = questions(1, live)
    with clock() as first:
        for one, at in asked:
            engine.decide(one, at)
    with clock() as deciding:
        for number in range(decisions):
            engine.decide(*asked[number % len(asked)])
    alone = [(replace(one, agreement="us-mx-joint-action"), at) for one, at in asked]
    for one, at in alone:
        engine.decide(one, at)
    with clock() as single:
        for number in range(decisions):
            engine.decide(*alone[number % len(alone)])
    with clock() as anew:
        for number in range(decisions // 4):
            if number % len(asked) == 0:
                forget()
            engine.decide(*asked[number % len(asked)])
    durable = receipts(engine, asked, kept)
    workers = os.cpu_count() or 1
    with clock() as comparing, ProcessPoolExecutor(workers) as pool:
        shares = list(pool.map(compare, [(seed, count // (workers * 4)) for seed in range(workers * 4)]))
    allowed, leaks, denied = (sum(each) for each in zip(*shares, strict=True))
    done = count // (workers * 4) * workers * 4
    rate, both = decisions / deciding.cpu, together(live, decisions, workers)
    return [
        Row(
            "decisions a second, one process a core",
            both,
            "1/s",
            goal="≥ 10,000",
            met=both >= 10_000,
            note=f"{live:,} live agreements in each of {workers} processes; a node decides in one",
        ),
        Row(
            "decisions a CPU second, one process",
            rate,
            "1/s",
            goal="≥ 10,000",
            met=rate >= 10_000,
            note=f"{live:,} live agreements; every decision evaluates agreement and law, {decisions:,} decisions;"
            f" {len(asked):,} different questions, whose asker, purpose and fields were read before",
        ),
        Row(
            "the same, all asked under one of the agreements",
            decisions / single.cpu,
            "1/s",
            note="a thousand agreements' policies do not stay in the processor's cache, which is the difference",
        ),
        Row(
            "the same over all agreements, where nobody has asked anything of the kind before",
            decisions // 4 / anew.cpu,
            "1/s",
            note="the policy library reads words from JSON, 4 to 6 µs each: who asks, the purpose, categories and"
            " fields are read once for all questions that have them in common, and here for each",
        ),
        Row(
            "with receipt and ledger entry, each in its own transaction",
            durable,
            "1/s",
            note=f"{kept:,} decisions, SQLite with synchronous=full",
        ),
        Row(
            "taking agreements up, and compiling what is asked about them at first",
            compiling.cpu + first.cpu,
            "CPU-s",
            note=f"{live:,} agreements, {len(asked):,} first decisions; before the rate above is taken",
        ),
        Row(
            "through a node's desk: agreement read, decision, receipt, entry of a denial",
            desk(live, asked, kept),
            "1/s",
            note=f"{kept:,} decisions, {live:,} agreements adopted, SQLite with synchronous=full",
        ),
        Row(
            "random requests compared",
            float(done),
            "requests",
            note=f"{comparing.cpu:.0f} CPU-s in {workers} processes",
        ),
        Row("share allowed", allowed / done, "", goal="≥ 0.3", met=allowed / done >= 0.3),
        Row("leaks", float(leaks), "requests", 0.0, "0", leaks == 0, "allowed by the engine and not by the oracle"),
        Row(
            "false denials",
            float(denied),
            "requests",
            0.0,
            "0",
            denied == 0,
            "denied by the engine and not by the oracle",
        ),
    ]


def desk(live: int, asked: list[tuple[Ask, dt.datetime]], count: int) -> float:
    """Decisions a second through the desk of a node that has adopted all agreements, durable one by one."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'node.db'}")
        store.migrate()
        with store.transaction() as session:
            for each in agreements(live):
                session.add(
                    Adopted(
                        digest=each.digest,
                        id=each.document.id,
                        version=1,
                        signed=each.model_dump(mode="json", exclude_unset=True),
                        adopted_at=AT,
                        suspended_at=None,
                        suspended_why=None,
                    )
                )
        held = Agreements(store, None, "mx", lambda: AT)  # type: ignore[arg-type]
        kept = Receipts(store, Ed25519PrivateKey.generate(), "mx", lambda: AT)
        made = Desk(store, held, kept, "mx", lambda: AT)
        questions = [Question(**vars(one)) for one, _at in asked[:count]]
        with clock() as taken:
            for number in range(count):
                made.decide(questions[number % len(questions)], log="border-us")
        store.close()
    return count / taken.wall


def receipts(engine: Engine, asked: list[tuple[Ask, dt.datetime]], count: int) -> float:
    """Decisions a second with a signed receipt and a ledger intent, durable one by one."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'node.db'}")
        store.migrate()
        kept = Receipts(store, Ed25519PrivateKey.generate(), "mx", lambda: AT)
        with clock() as taken:
            for number in range(count):
                one, at = asked[number % len(asked)]
                decided = engine.decide(one, at)
                with store.transaction() as session:
                    receipt = kept.keep(
                        session,
                        allowed=decided.allowed,
                        act=one.action,
                        actor=one.actor,
                        agency=one.agency,
                        agreement=one.agreement,
                        agreement_digest=decided.digest,
                        clause=one.clause,
                        subject="bench",
                        reasons=[each.words for each in decided.failures],
                        asked=one.context(at),
                    )
                    remember(session, "border-us", "refused", at=AT, actor=one.actor, subject="bench", receipt=receipt)
        store.close()
    return count / taken.wall


if __name__ == "__main__":
    shell(run)
