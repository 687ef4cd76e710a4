"""Who is who in two registers of 100,000 people, beside plain splink: pairs' F1, CPU seconds.

Register `us` holds 90,000 people of the made-up world and 10,000 relatives of theirs (siblings, twins, namesakes who
share an address or a telephone); `mx` holds 60,000 of the same people as another register writes them
(`world.variants`), 10,000 relatives again, and 30,000 others. Plain splink is what its own tutorial leads to: its name,
date and exact comparisons on the same columns in capitals without accents, the same blocking, u by random sampling
and m by expectation maximisation.

The world and the comparisons have one author, so both figures are rosier than on real registers; the comparisons were
made while looking at the world of another seed. The last row tells what is left over for people.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from bench.harness import Row, clock, shell
from convenio.entities.resolution import resolve
from convenio.world import World
from convenio.world.misspelling import capitals

COLUMNS = (
    "record_id",
    "given",
    "paterno",
    "materno",
    "birth_date",
    "sex",
    "curp",
    "rfc",
    "passport",
    "phone",
    "address",
)
Pairs = dict[tuple[str, str], float]
SEED = 5
"""A world that nobody looked at while the comparisons were made."""


def registers(size: int) -> tuple[pa.Table, pa.Table, set[tuple[str, str]]]:
    """Both registers and the pairs of records that are one person."""
    world = World(seed=SEED, people=size * 12 // 10)
    everyone = world.people()
    tenth = size // 10
    kin = world.relatives(everyone.slice(0, 2 * tenth)).select(everyone.column_names)
    left = pa.concat_tables([everyone.slice(0, 9 * tenth), kin.slice(0, tenth)])
    right = pa.concat_tables([everyone.slice(3 * tenth, 9 * tenth), kin.slice(tenth, tenth)])
    right = world.register("V", pa.concat_tables([right, everyone.slice(9 * tenth, 3 * tenth)]))
    left = world.register("U", left)
    of = dict(zip(left["person_id"].to_pylist(), left["record_id"].to_pylist(), strict=True))
    truth = {
        (of[person], record)
        for person, record in zip(right["person_id"].to_pylist(), right["record_id"].to_pylist(), strict=True)
        if person in of
    }
    return left, right, truth


def run(*, quick: bool) -> list[Row]:
    size = 5_000 if quick else 100_000
    left, right, truth = registers(size)
    left, right = left.select(COLUMNS), right.select(COLUMNS)
    with clock() as ours:
        found = resolve({"us": left, "mx": right}, one_each=("us", "mx"))
    scored = _pairs(found.pairs)
    joined = {
        (dict(records)["us"], dict(records)["mx"]) for records in found.clusters.members.values() if len(records) == 2
    }
    with clock() as theirs:
        plain = _plain(left, right)
    note = f"{size:,} x {size:,} records, {len(truth):,} true pairs"
    rows = [
        Row("CPU seconds, all in", ours.cpu, "s", theirs.cpu, note=note),
        Row("wall seconds, all in", ours.wall, "s", theirs.wall),
    ]
    for least in (0.5, 0.95):
        one = _score({pair for pair, chance in scored.items() if chance >= least}, truth)
        other = _score({pair for pair, chance in plain.items() if chance >= least}, truth)
        for at, name in enumerate(("precision", "recall", "F1")):
            rows.append(Row(f"pairs {name} at {least}", one[at], "", other[at]))
    best = max((_score(_one_each(plain, cut), truth) for cut in (0.1, 0.5, 0.9, 0.99, 0.999)), key=lambda each: each[2])
    cluster = _score(joined, truth)
    for at, name in enumerate(("precision", "recall", "F1")):
        rows.append(
            Row(
                f"{name}, each record joined once at most",
                cluster[at],
                "",
                best[at],
                note="ours joins without a person only; peer: its best of five thresholds, chosen with the truth",
            )
        )
    doubts = found.clusters.doubts
    right_ones = sum(_ids(each) in truth for each in doubts)
    rows.append(Row("pairs left to a person", len(doubts), "", note=f"{right_ones} of them one person"))
    rows.append(_in_one_piece(left, right, truth))
    return rows


def _in_one_piece(left: pa.Table, right: pa.Table, truth: set[tuple[str, str]]) -> Row:
    """The same registers with names in one piece, every other one with its surnames first, and no CURP or RFC."""
    found = resolve({"us": _one_piece(left, 0), "mx": _one_piece(right, 1)}, one_each=("us", "mx"))
    pairs = {pair for pair, chance in _pairs(found.pairs).items() if chance >= 0.95}
    precision, recall, both = _score(pairs, truth)
    note = f"no peer; precision {precision:.4f}, recall {recall:.3f}"
    return Row("pairs F1 at 0.95, names in one piece and in either order, no CURP, no RFC", both, "", note=note)


def _one_piece(table: pa.Table, turned: int) -> pa.Table:
    names = []
    for at, row in enumerate(table.select(["given", "paterno", "materno"]).to_pylist()):
        given, surnames = row["given"], [row["paterno"], row["materno"]]
        written = [*surnames, given] if at % 2 == turned else [given, *surnames]
        names.append(" ".join(each for each in written if each))
    kept = table.drop_columns(["given", "paterno", "materno", "curp", "rfc"])
    return kept.append_column("name", pa.array(names, pa.string()))


def _ids(doubt: Any) -> tuple[str, str]:
    both = dict([doubt.left, doubt.right])
    return both["us"], both["mx"]


def _pairs(table: pa.Table) -> Pairs:
    return {
        _ordered(row["left_source"], row["left_id"], row["right_id"]): row["probability"] for row in table.to_pylist()
    }


def _ordered(left_source: str, left_id: str, right_id: str) -> tuple[str, str]:
    return (left_id, right_id) if left_source == "us" else (right_id, left_id)


def _score(found: set[tuple[str, str]], truth: set[tuple[str, str]]) -> tuple[float, float, float]:
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / len(truth)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _one_each(scored: Pairs, least: float) -> set[tuple[str, str]]:
    """The likeliest pairs in which each record stands once at most."""
    taken: set[str] = set()
    found = set()
    for pair, chance in sorted(scored.items(), key=lambda each: (-each[1], each[0])):
        if chance >= least and not taken & set(pair):
            taken |= set(pair)
            found.add(pair)
    return found


def _plain(left: pa.Table, right: pa.Table) -> Pairs:
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    database = DuckDBAPI()
    frames = [
        database.register(_capital(each), dataset_display_name=name) for each, name in ((left, "us"), (right, "mx"))
    ]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=[
            block_on("curp"),
            block_on("rfc"),
            block_on("passport"),
            block_on("birth_date", "paterno"),
            block_on("birth_date", "given"),
            block_on("birth_date", "materno"),
            block_on("given", "paterno", "materno"),
            block_on("phone", "given"),
            block_on("phone", "paterno"),
            block_on("address", "given"),
        ],
        comparisons=[
            cl.NameComparison("given"),
            cl.NameComparison("paterno"),
            cl.NameComparison("materno"),
            cl.DateOfBirthComparison("birth_date", input_is_string=True, datetime_format="%Y-%m-%d"),
            cl.ExactMatch("sex"),
            cl.ExactMatch("curp"),
            cl.ExactMatch("rfc"),
            cl.ExactMatch("passport"),
            cl.ExactMatch("phone"),
            cl.ExactMatch("address"),
        ],
    )
    linker = Linker(frames, settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("curp"), block_on("given", "paterno", "birth_date")], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("birth_date"))
    training.estimate_parameters_using_expectation_maximisation(block_on("paterno", "given"))
    table = linker.inference.predict(threshold_match_probability=0.01, warning_mode="never").as_pyarrow_table()
    columns = [
        table[name].to_pylist() for name in ("source_dataset_l", "record_id_l", "record_id_r", "match_probability")
    ]
    return {_ordered(source, one, other): chance for source, one, other, chance in zip(*columns, strict=True)}


def _capital(table: pa.Table) -> pa.Table:
    for name in ("given", "paterno", "materno"):
        at = table.schema.get_field_index(name)
        values = [each and capitals(each) for each in table.column(name).to_pylist()]
        table = table.set_column(at, name, pa.array(values, pa.string()))
    at = table.schema.get_field_index("birth_date")
    return table.set_column(at, "birth_date", table.column("birth_date").cast(pa.string()))


if __name__ == "__main__":
    shell(run)
