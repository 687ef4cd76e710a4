"""Recall on variants of real listed names, relatives flagged, and false hits among clean customers, at one threshold.

Listed people are those of OFAC's list who bear two surnames and have a CURP on it. Their variants come from
`convenio.entities.names.variants` under a seed that nobody tuned on; where a class leaves a surname out the birth date
is given too. Each variant is screened against the whole list; found means that the person is among the hits. The peers
score the variant beside the listed person alone, names as FollowTheMoney entities, which is the easier task.

Relatives are pairs of listed people and made-up ones: siblings (both surnames, no given name shared), father and son
(given names and first surname, another second surname), and compound given names that share one part. Names only.
Second surnames with `de` are left out of the second kind, since it cannot be told whether they are a husband's.

Clean customers come from the made-up world (seed below), screened by names alone and with birth dates; they
are nobody, so every hit is false. The peers score every pair that shares half of its words with a listed name, which is
fewer than they would see, so their figure is a lower bound.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations
from typing import Any

from bench.finance_peer import ALGORITHMS, pair, scored, wilson
from bench.harness import DATA, Row, clock, shell
from bench.peer import NoPeer
from convenio.entities.names import lists
from convenio.entities.names.variants import NEEDS_BIRTH_DATE, Parts, variants
from convenio.programs.finance.schema import ListEntry
from convenio.programs.finance.screening.party import Party, parties, party
from convenio.programs.finance.screening.screener import Screener
from convenio.programs.finance.sources.ofac_sdn import read_sdn
from convenio.world import World

LIST = DATA / "finance" / "ofac_sdn" / "sdn_2022-12-28.csv"
SEED = 606
THRESHOLD = 0.70


def two_surnames(entries: list[ListEntry]) -> list[tuple[ListEntry, Parts]]:
    """Listed people with a CURP and two surnames, their names in parts; a particle goes with the word after it."""
    found = []
    particles = lists.words("particles")
    for entry in entries:
        if entry.kind != "person" or not entry.identified_by("curp") or entry.name.count(",") != 1:
            continue
        surnames, given = (each.strip() for each in entry.name.split(","))
        words = surnames.split()
        core = [at for at, word in enumerate(words) if word.upper() not in particles]
        if len(core) == 2:
            at = core[0] + 1
            found.append((entry, Parts(given, " ".join(words[:at]), " ".join(words[at:]))))
    return found


def made_variants(people: list[tuple[ListEntry, Parts]]) -> list[dict[str, Any]]:
    rows = []
    for entry, parts in people:
        born = entry.birth_dates[0] if entry.birth_dates else None
        for kind, text in variants(parts, seed=SEED):
            row: dict[str, Any] = {"name": text, "kind": kind, "entry": entry}
            if kind in NEEDS_BIRTH_DATE:
                if born is None or born.precision != "day":
                    continue
                row["birth_date"] = born.first
            rows.append(row)
    return rows


def relatives(people: list[tuple[ListEntry, Parts]], size: int) -> dict[str, list[tuple[str, ListEntry]]]:
    chance = random.Random(SEED)
    made: dict[str, list[tuple[str, ListEntry]]] = {"siblings": [], "father and son": [], "shared compound names": []}
    for (one, a), (two, b) in combinations(people, 2):
        if {a.paterno, a.materno} == {b.paterno, b.materno} and not set(a.given.split()) & set(b.given.split()):
            made["siblings"].append((one.name, two))
    while len(made["siblings"]) < size:
        (_one, a), (two, b) = chance.sample(people, 2)
        if not set(a.given.upper().split()) & set(b.given.upper().split()):
            made["siblings"].append((f"{a.given} {b.paterno} {b.materno}", two))
    while len(made["father and son"]) < size:
        (_one, a), (two, b) = chance.sample(people, 2)
        if a.materno not in {b.materno, b.paterno} and " " not in a.materno + b.materno:
            made["father and son"].append((f"{b.given} {b.paterno} {a.materno}", two))
    compound = [each for each in people if len(each[1].given.split()) > 1]
    while len(made["shared compound names"]) < size:
        (_one, a), (two, b) = chance.sample(compound, 2)
        first, second = b.given.split()[0], a.given.split()[-1]
        if second.upper() not in {word.upper() for word in b.given.split()}:
            made["shared compound names"].append((f"{first} {second} {b.paterno} {b.materno}", two))
    return made


def _facts(entry: ListEntry, *, dated: bool) -> dict[str, str]:
    facts = {"name": entry.name}
    if dated and entry.birth_dates:
        facts["birthDate"] = entry.birth_dates[0].first
    return facts


def run(*, quick: bool) -> list[Row]:
    if not LIST.is_file():
        return [Row("recall on variants", "not run", "", note="the real list is not here; set CONVENIO_DATA")]
    entries = read_sdn(LIST).entries
    screener = Screener(entries, threshold=THRESHOLD)
    people = two_surnames(entries)[: 60 if quick else None]
    made = made_variants(people)
    peers = () if quick else ALGORITHMS
    missing = ""
    theirs: dict[str, tuple[list[float], list[float]]] = {}
    families = relatives(people, 40 if quick else 500)
    related = [(kind, name, entry) for kind, held in families.items() for name, entry in held]
    for name in peers:
        try:
            theirs[name] = (
                scored(name, [_pair(row["name"], row.get("birth_date"), row["entry"]) for row in made])[0],
                scored(name, [_pair(text, None, entry) for _kind, text, entry in related])[0],
            )
        except NoPeer as error:
            missing = f"; {name} could not be run here: {error}"
    with clock() as taken:
        found = [_is_found(screener, row) for row in made]
    rows = _recall_rows(made, found, {name: scores[0] for name, scores in theirs.items()}, missing)
    rows += _relative_rows(screener, related, {name: scores[1] for name, scores in theirs.items()})
    rows += _clean_rows(screener, 2_000 if quick else 50_000, peers)
    rows.append(Row("CPU per variant screened", round(taken.cpu / len(made) * 1000, 3), "milliseconds"))
    return rows


def _pair(name: str, born: str | None, entry: ListEntry) -> dict[str, Any]:
    one = {"name": name, **({"birthDate": born} if born else {})}
    return pair("Person", one, _facts(entry, dated=born is not None))


def _is_found(screener: Screener, row: dict[str, Any]) -> bool:
    return row["entry"].id in {hit.entry.id for hit in screener.hits(party(row | {"kind": "person"}))}


def _recall_rows(
    made: list[dict[str, Any]], found: list[bool], peers: dict[str, list[float]], missing: str
) -> list[Row]:
    def recall(flags: list[bool]) -> float:
        return sum(flags) / len(flags)

    low, high = wilson(sum(found), len(found))
    note = f"{len(made)} variants, 95 % {low:.4f} to {high:.4f}, threshold {THRESHOLD}{missing}"
    rows = [
        Row(
            "recall on variants", round(recall(found), 4), "share", goal=">= 0.98", met=recall(found) >= 0.98, note=note
        )
    ]
    for name, scores in peers.items():
        flags = [score >= THRESHOLD for score in scores]
        rows.append(
            Row(f"recall on variants, beside {name}", round(recall(found), 4), "share", peer=round(recall(flags), 4))
        )
    kinds = Counter(row["kind"] for row in made)
    for kind in kinds:
        places = [at for at, row in enumerate(made) if row["kind"] == kind]
        value = recall([found[at] for at in places])
        best = {name: recall([scores[at] >= THRESHOLD for at in places]) for name, scores in peers.items()}
        rows.append(
            Row(
                f"recall: {kind}",
                round(value, 4),
                "share",
                peer=round(max(best.values()), 4) if best else None,
                goal=">= 0.90",
                met=value >= 0.90,
                note=f"{len(places)} variants" + (", peer: the better of the two" if best else ""),
            )
        )
    return rows


def _relative_rows(
    screener: Screener, related: list[tuple[str, str, ListEntry]], peers: dict[str, list[float]]
) -> list[Row]:
    flags = [
        entry.id in {hit.entry.id for hit in screener.hits(party({"name": name}))} for _kind, name, entry in related
    ]
    rows = []
    for kind in (*dict.fromkeys(each[0] for each in related), "all relatives"):
        places = [at for at, each in enumerate(related) if kind in {each[0], "all relatives"}]
        flagged = sum(flags[at] for at in places)
        low, high = wilson(flagged, len(places))
        best = {name: sum(scores[at] >= THRESHOLD for at in places) for name, scores in peers.items()}
        rows.append(
            Row(
                f"flagged: {kind}",
                round(flagged / len(places), 4),
                "share",
                peer=round(min(best.values()) / len(places), 4) if best else None,
                goal="<= 0.01, upper bound <= 0.02",
                met=flagged / len(places) <= 0.01 and high <= 0.02,
                note=f"{flagged} of {len(places)} pairs, names only, 95 % {low:.4f} to {high:.4f}"
                + (", peer: the better of the two" if best else ""),
            )
        )
    return rows


def _clean_rows(screener: Screener, size: int, peers: tuple[str, ...]) -> list[Row]:
    world = World(seed=SEED, people=size).people()
    rows = []
    for label, columns in (
        ("names alone", ["given", "paterno", "materno"]),
        ("names and birth dates", ["given", "paterno", "materno", "birth_date"]),
    ):
        table = world.select(["person_id", *columns]).rename_columns(["customer_id", *columns])
        known = list(parties(table))
        flagged = {hit.customer.id for hit in screener.screen(known)}
        per = len(flagged) / size * 100_000
        low, high = (each * 100_000 for each in wilson(len(flagged), size))
        note = f"{len(flagged)} of {size:,} customers, 95 % {low:.0f} to {high:.0f}"
        rows.append(Row(f"customers flagged per 100,000, {label}", round(per, 1), "customers", note=note))
        rows += _clean_peers(screener, known, peers, label, per, size)
    return rows


def _clean_peers(
    screener: Screener, known: list[Party], peers: tuple[str, ...], label: str, ours: float, size: int
) -> list[Row]:
    rows = []
    pairs = [(each, name) for each in known for parsed in each.parsed for name in screener.candidate_names(parsed)]
    for name in peers:
        sent = [
            pair(
                "Person",
                {"name": each.name, **({"birthDate": str(each.birth_date)} if each.birth_date else {})},
                {
                    "name": listed.listed.name,
                    **_born(screener.entries[listed.entry], dated=each.birth_date is not None),
                },
            )
            for each, listed in pairs
        ]
        try:
            scores, _seconds = scored(name, sent)
        except NoPeer:
            continue
        flagged = {each.id for (each, _listed), score in zip(pairs, scores, strict=True) if score >= THRESHOLD}
        theirs = len(flagged) / size * 100_000
        rows.append(
            Row(
                f"customers flagged per 100,000, {label}, beside {name}",
                round(ours, 1),
                "customers",
                peer=round(theirs, 1),
                goal="fewer than the peer",
                met=ours < theirs,
                note=f"peer: lower bound, over {len(pairs):,} pairs that share half of their words",
            )
        )
    return rows


def _born(entry: ListEntry, *, dated: bool) -> dict[str, str]:
    return {"birthDate": entry.birth_dates[0].first} if dated and entry.birth_dates else {}


if __name__ == "__main__":
    shell(run)
