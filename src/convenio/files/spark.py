"""Run a declared method on Spark, cut as its declaration allows: by rows, by groups, or not at all.

`partition="rows"`: each Arrow batch is a table of its own (`mapInArrow`). `partition="groups"`: each group of equal
`partition_by` is (`applyInArrow`). `partition="whole"`: the rows are brought together on one worker, so a method that
needs all of them gives the same result, at one machine's speed.

Further tables of a method are small beside the first; they are sent to every worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from convenio.core.errors import InputError, NotInstalled
from convenio.core.method import Method, Params, conform
from convenio.core.program import program
from convenio.core.words import _

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
else:
    DataFrame = SparkSession = Any


def run_on_spark(
    method: Method,
    frame: DataFrame,
    params: Params | Mapping[str, Any] | None = None,
    *,
    others: Mapping[str, pa.Table] | None = None,
) -> DataFrame:
    """Run a method on a Spark data frame.

    Args:
        method: the declared method.
        frame: its first table; columns as the record type names them.
        params: its parameters.
        others: its further tables.

    Returns:
        A data frame of the method's output columns; row order is Spark's.

    Raises:
        InputError: the frame lacks a column, or the parameters do not fit.
        NotInstalled: PySpark is not installed.
    """
    spark_types()
    chosen = params if isinstance(params, Params) else method.params.model_validate(dict(params or {}))
    first = next(iter(method.inputs))
    schema = method.inputs[first].record.arrow_schema()
    absent = [field.name for field in schema if field.name not in frame.columns and not field.nullable]
    if absent:
        raise InputError(
            _("the column {column} is missing", column=absent[0]),
            where=f"{method.program}.{method.name}",
            advice=_("the columns here are {columns}", columns=", ".join(frame.columns)),
        )
    frame = frame.select(*[field.name for field in schema if field.name in frame.columns])
    work = _Work(method.program, method.name, first, chosen.model_dump(), dict(others or {}))
    output = spark_schema(method.output.arrow_schema())
    if method.partition == "rows":
        return frame.mapInArrow(work.by_batch, output)
    if method.partition == "groups":
        return frame.groupBy(*method.partition_by).applyInArrow(lambda group: work.run(group), output)  # noqa: PLW0108 - Spark counts arguments
    return frame.coalesce(1).mapInArrow(work.altogether, output)


class _Work:
    """What a worker does; it is sent there by name, so that nothing but the declaration has to travel."""

    def __init__(self, owner: str, name: str, first: str, params: dict[str, Any], others: dict[str, pa.Table]) -> None:
        self.owner, self.name, self.first, self.params, self.others = owner, name, first, params, others
        self.package = program(owner).package
        self.module = program(owner).methods

    def run(self, table: pa.Table) -> pa.Table:
        import importlib

        from convenio.core.method import methods

        importlib.import_module(f"{self.package}.{self.module}")
        declared = methods(self.owner)[self.name]
        ready = conform(plain(table), declared.inputs[self.first].record.arrow_schema(), where=self.first)
        return declared.run({self.first: ready, **self.others}, self.params)

    def by_batch(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for each in batches:
            if each.num_rows:
                yield from self.run(pa.Table.from_batches([each])).to_batches()

    def altogether(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        held = [each for each in batches if each.num_rows]
        if held:
            yield from self.run(pa.Table.from_batches(held)).to_batches()


def plain(table: pa.Table) -> pa.Table:
    """Spark's Arrow with the types that record types bear: its large texts and zones made ours."""
    wanted = []
    for field in table.schema:
        kind = field.type
        if pa.types.is_large_string(kind):
            kind = pa.string()
        elif pa.types.is_timestamp(kind):
            kind = pa.timestamp("us", tz="UTC")
        wanted.append(pa.field(field.name, kind))
    return table.cast(pa.schema(wanted))


def spark_types() -> Any:
    """PySpark's types.

    Raises:
        NotInstalled: PySpark is not installed.
    """
    try:
        from pyspark.sql import types
    except ImportError as error:
        raise NotInstalled(
            _("Spark is not installed"), advice=_("install it with: pip install 'convenio[spark]'")
        ) from error
    return types


def spark_schema(schema: pa.Schema) -> Any:
    """An Arrow schema of ours as Spark's."""
    types = spark_types()
    fields = [types.StructField(field.name, _spark_type(field.type, types), field.nullable) for field in schema]
    return types.StructType(fields)


def _spark_type(kind: pa.DataType, types: Any) -> Any:
    if pa.types.is_list(kind):
        return types.ArrayType(_spark_type(kind.value_type, types))
    known = (
        (pa.types.is_string, types.StringType),
        (pa.types.is_int64, types.LongType),
        (pa.types.is_float64, types.DoubleType),
        (pa.types.is_boolean, types.BooleanType),
        (pa.types.is_binary, types.BinaryType),
        (pa.types.is_date32, types.DateType),
        (pa.types.is_timestamp, types.TimestampType),
    )
    return next(made for fits, made in known if fits(kind))()


def frame_of(session: SparkSession, table: pa.Table) -> DataFrame:
    """An Arrow table as a Spark data frame."""
    return session.createDataFrame(table)
