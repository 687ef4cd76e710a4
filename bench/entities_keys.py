"""Match keys from name and birth date: precision and recall per form on planted misspellings, and keys per second.

The asker holds 20,000 people of whom half live in the holder's world of 200,000, as another register writes them
(`world.variants`). A hit is a pair of records that share a key; it is right when both are one person. The peer is the
dumbest thing that works: the whole name in capitals without accents, as written, with the birth date.

The world's author is that of the keys. The last rows use names that neither made: people of OFAC's list of 7 July 2021
with a whole birth date, and their other names. Many of those are aliases that no spelling leads to.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import time
from collections import defaultdict
from pathlib import Path

import pyarrow as pa

from bench.harness import DATA, Row, clock, shell
from convenio.entities import match_keys
from convenio.entities.identifiers import NAMES, kind
from convenio.entities.name_keys import FORMS, name_keys_by_form
from convenio.world import World
from convenio.world.misspelling import capitals


def run(*, quick: bool) -> list[Row]:
    size, asked = (20_000, 2_000) if quick else (200_000, 20_000)
    world = World(people=size + asked // 2)
    everyone = world.people()
    holder = everyone.slice(0, size).to_pylist()
    inside = everyone.take(pa.array(range(0, size, size // (asked // 2)))).slice(0, asked // 2)
    asker = world.register("V", pa.concat_tables([inside, everyone.slice(size)])).to_pylist()
    planted = {row["person_id"] for row in inside.to_pylist()}
    dated = [row for row in asker if row["person_id"] in planted and row["birth_date"]]
    rows = [*_cleaning(holder[:20_000]), *_speed(holder[:50_000])]
    index: dict[str, list[str]] = defaultdict(list)
    for row in holder:
        for _form, key in name_keys_by_form(row):
            index[key].append(row["person_id"])
    plain: dict[str, list[str]] = defaultdict(list)
    for row in holder:
        plain[f"{capitals(row['name'])}|{row['birth_date']}"].append(row["person_id"])
    pairs: dict[str, set[tuple[str, str]]] = {form: set() for form in (*FORMS, "all forms")}
    dumb: set[tuple[str, str]] = set()
    for row in asker:
        for form, key in name_keys_by_form(row):
            met = {(row["person_id"], each) for each in index.get(key, ())}
            pairs[form] |= met
            pairs["all forms"] |= met
        dumb |= {(row["person_id"], each) for each in plain.get(f"{capitals(row['name'])}|{row['birth_date']}", ())}
    sound = len(dated)
    peer_recall = sum(one == other for one, other in dumb) / sound
    for form, found in pairs.items():
        right = sum(one == other for one, other in found)
        rows.append(Row(f"recall, {form}", right / sound, "of planted people with a date", peer_recall))
        rows.append(
            Row(
                f"precision, {form}",
                right / max(len(found), 1),
                "of hits",
                sum(one == other for one, other in dumb) / max(len(dumb), 1),
                note=f"{len(found) - right} false among {len(asker):,} x {size:,} pairs of records",
            )
        )
    rows.extend(_by_difference(dated, pairs["all forms"]))
    rows.extend(_listed())
    return rows


def _listed() -> list[Row]:
    folder = DATA / "finance" / "watchman_2021-07-07"
    if not folder.is_dir():
        return [Row("aliases on OFAC's list", "not measured", "", note=f"no data at {folder.name}")]
    people: dict[str, dict[str, object]] = {}
    for row in _read(folder / "sdn.csv"):
        born = re.search(r"DOB (\d{2} \w{3} \d{4})", row[11]) if len(row) > 11 else None
        if born and row[2].strip() == "individual":
            date = dt.datetime.strptime(born[1], "%d %b %Y").replace(tzinfo=dt.UTC).date()
            people[row[0]] = {"name": row[1], "birth_date": date, "mexican": "Mexico" in row[11]}
    index: dict[str, set[str]] = defaultdict(set)
    plain: dict[str, set[str]] = defaultdict(set)
    for entry, person in people.items():
        plain[f"{person['name']}|{person['birth_date']}"].add(entry)
        for key in match_keys.keys(person, "name_birth_date"):
            index[key].add(entry)
    met: dict[str, list[tuple[bool, bool]]] = {"all": [], "of people with ties to Mexico": []}
    wrong = 0
    for row in _read(folder / "alt.csv"):
        if len(row) > 3 and row[0] in people:
            other = {"name": row[3], "birth_date": people[row[0]]["birth_date"]}
            found = {each for key in match_keys.keys(other, "name_birth_date") for each in index.get(key, ())}
            wrong += bool(found - {row[0]})
            same = row[0] in plain.get(f"{row[3]}|{other['birth_date']}", ())
            for group in ("all", *(["of people with ties to Mexico"] if people[row[0]]["mexican"] else [])):
                met[group].append((row[0] in found, same))
    return [
        Row(
            f"aliases on OFAC's list that meet their main name, {group}",
            sum(ours for ours, _peer in each) / len(each),
            "of aliases",
            sum(peer for _ours, peer in each) / len(each),
            note=f"{len(each)} aliases; {wrong} aliases in all meet somebody else",
        )
        for group, each in met.items()
    ]


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="latin-1", newline="") as text:
        return list(csv.reader(text))


def _by_difference(dated: list[dict[str, object]], found: set[tuple[str, str]]) -> list[Row]:
    seen: dict[str, list[bool]] = defaultdict(list)
    for row in dated:
        who = str(row["person_id"])
        for difference in str(row["differences"] or "none").split("+"):
            seen[difference].append((who, who) in found)
    return [
        Row(f"recall where: {name}", sum(met) / len(met), "of planted people", note=f"{len(met)} records")
        for name, met in sorted(seen.items())
    ]


def _speed(rows: list[dict[str, object]]) -> list[Row]:
    out = []
    for name in match_keys.COLUMNS:
        with clock() as taken:
            made = sum(len(tuple(match_keys.keys(row, name))) for row in rows)
        out.append(
            Row(f"keys {name}", made / taken.cpu, "keys per CPU second", note=f"{made / len(rows):.2f} keys a record")
        )
    return out


def _cleaning(rows: list[dict[str, object]]) -> list[Row]:
    from stdnum.mx import curp as peer_curp
    from stdnum.mx import rfc as peer_rfc

    peers = {"curp": peer_curp.is_valid, "rfc": lambda each: peer_rfc.is_valid(each, validate_check_digits=True)}
    out = []
    for name in ("curp", "rfc", "passport", "phone"):
        values = [str(row[name]) for row in rows if row[name]]
        assert name in NAMES
        ours = _rate(kind(name).validate, values)
        peer = _rate(peers[name], values) if name in peers else None
        out.append(
            Row(
                f"cleaning {name}",
                ours,
                "values per CPU second",
                peer,
                note="peer: python-stdnum, valid or not, without the reason" if peer else "",
            )
        )
    return out


def _rate(function, values: list[str]) -> float:
    start = time.process_time()
    for each in values:
        function(each)
    return len(values) / (time.process_time() - start)


if __name__ == "__main__":
    shell(run)
