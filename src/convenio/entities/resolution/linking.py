"""Pairs of records and how far each piece of evidence speaks for one person; splink compares, DuckDB computes."""

# ruff: noqa: S608 - the names in these queries are those of levels.py and of splink

from __future__ import annotations

import math
from typing import Any

import duckdb
import pyarrow as pa

from convenio.core.errors import InputError, NotInstalled
from convenio.core.words import _
from convenio.entities.resolution.frequencies import frequencies
from convenio.entities.resolution.levels import BLOCKS, COMPARISONS, CROSS_BLOCKS, Comparison
from convenio.entities.resolution.training import Model, trained

LEAST = 0.01
"""Pairs below this probability are left out."""

PAIRS = pa.schema(
    [
        pa.field("left_source", pa.string(), nullable=False),
        pa.field("left_id", pa.string(), nullable=False),
        pa.field("right_source", pa.string(), nullable=False),
        pa.field("right_id", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("weight", pa.float64(), nullable=False),
        pa.field("kin", pa.float64(), nullable=False),
        *(pa.field(f"level_{each.name}", pa.string()) for each in COMPARISONS),
        *(pa.field(f"weight_{each.name}", pa.float64(), nullable=False) for each in COMPARISONS),
    ]
)
"""`weight` is log2 of the odds of one person against chance, `kin` log2 of how much likelier two relatives are than one
person; `probability` weighs all three. `level_*` is null where nothing is known or an equal CURP or RFC told it."""

RELATIVES = 0.5
"""How many pairs of close relatives there are for each pair of records of one person: an assumption."""


def linked(left: pa.Table, right: pa.Table | None = None, *, model: Model | None = None) -> tuple[pa.Table, Model]:
    """The pairs that may be one person.

    Args:
        left: records by `standard.SCHEMA`.
        right: records of another source; None to find repeats within `left`.
        model: a model from elsewhere; trained on these records when left out.

    Returns:
        Pairs by `PAIRS`, strongest first, and the model.

    Raises:
        NotInstalled: splink is not installed.
        InputError: both tables bear one source's name.
    """
    try:
        from splink import DuckDBAPI, Linker
    except ImportError as error:
        raise NotInstalled(
            _("telling who is who needs splink"), advice=_("install convenio with its part “analysis”")
        ) from error
    if right is not None and set(left["source_dataset"].unique()) & set(right["source_dataset"].unique()):
        raise InputError(_("both files go by one name"), advice=_("name the sources differently"))
    connection = duckdb.connect()
    model = model or trained(connection, left, right)
    tables = [left] if right is None else [left, right]
    if any(not table.num_rows for table in tables):
        return PAIRS.empty_table(), model
    database = DuckDBAPI(connection=connection)
    frames = [database.register(each, dataset_display_name=f"records_{at}") for at, each in enumerate(tables)]
    linker = Linker(frames, _settings(model, alone=right is None), log_level=None, validate_settings=False)
    for name in dict.fromkeys(each.frequency for each in COMPARISONS if each.frequency):
        shares = database.register(frequencies(name, tables), dataset_display_name=f"frequency_{name}")
        linker.table_management.register_term_frequency_lookup(shares, name)
    raw = linker.inference.predict(threshold_match_probability=LEAST, warning_mode="never")
    return _shaped(connection, raw.physical_name, left["source_dataset"][0], model), model


def _settings(model: Model, *, alone: bool) -> dict[str, Any]:
    rules = [" AND ".join(f"l.{column} = r.{column}" for column in block) for block in BLOCKS]
    return {
        "link_type": "dedupe_only" if alone else "link_only",
        "unique_id_column_name": "unique_id",
        "source_dataset_column_name": "source_dataset",
        "probability_two_random_records_match": model.prior,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in (*rules, *CROSS_BLOCKS)
        ],
        "comparisons": [_comparison(each, model) for each in COMPARISONS],
        "sql_dialect": "duckdb",
    }


def _comparison(comparison: Comparison, model: Model) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.nothing, "label_for_charts": "nothing", "is_null_level": True}
    ]
    m, u = model.m[comparison.name], model.u[comparison.name]
    for at, level in enumerate(comparison.levels):
        made: dict[str, Any] = {
            "sql_condition": level.sql,
            "label_for_charts": level.name,
            "m_probability": m[at],
            "u_probability": u[at],
        }
        if at == 0 and comparison.frequency:
            made |= {"tf_adjustment_column": comparison.frequency, "tf_adjustment_weight": 1.0}
            made["tf_minimum_u_value"] = 0.00005
        levels.append(made)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _shaped(connection: Any, name: str, alone: pa.Scalar, model: Model) -> pa.Table:
    held = {row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()}
    ends = ["source_dataset_l", "unique_id_l", "source_dataset_r", "unique_id_r"]
    source = [column if column in held else "NULL" for column in ends]
    levels, weights, relatives = [], [], []
    for each in COMPARISONS:
        names = " ".join(
            f"WHEN {number} THEN '{each.level(number).name}'" for number in range(len(each.levels) - 1, -1, -1)
        )
        levels.append(f"CASE gamma_{each.name} {names} END")
        ratios = zip(range(len(each.levels) - 1, -1, -1), each.levels, model.m[each.name], strict=True)
        kin = " ".join(f"WHEN {number} THEN {math.log2(level.kin / m)}" for number, level, m in ratios)
        relatives.append(f"(CASE gamma_{each.name} {kin} ELSE 0.0 END)")
        parts = [f"mw_{each.name}"] + ([f"mw_tf_adj_{each.name}"] if f"mw_tf_adj_{each.name}" in held else [])
        weights.append(" + ".join(f"coalesce({part}, 0.0)" for part in parts))
    chance = f"1.0 / (1.0 + {RELATIVES} * pow(2.0, kin) + pow(2.0, -match_weight))"
    wanted = ", ".join([*source, f"{chance} AS chance", "match_weight", "kin", *levels, *weights])
    inner = f"SELECT *, {' + '.join(relatives)} AS kin FROM {name}"
    query = f"SELECT {wanted} FROM ({inner}) WHERE chance >= {LEAST} ORDER BY chance DESC, 2, 4"
    found = connection.sql(query).to_arrow_table()
    columns = [column.cast(field.type) for column, field in zip(found.columns, PAIRS, strict=True)]
    for at in (0, 2):
        columns[at] = columns[at].fill_null(alone)
    return pa.Table.from_arrays(columns, schema=PAIRS)
