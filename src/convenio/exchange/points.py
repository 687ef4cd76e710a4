"""Hash-to-group points of what the party holds, kept sealed so that a fresh key costs one multiplication per point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from convenio.custody.holdings import Holding, Holdings, Purpose
from convenio.custody.keystore import KeyStore
from convenio.exchange import oprf
from convenio.exchange.inputs import columns_for, inputs_of
from convenio.exchange.ristretto import BYTES, Column
from convenio.stores.sealed_tables import read_sealed, write_sealed


@dataclass(frozen=True)
class Points:
    """Match keys of one kind: the input, its group element, and the dataset and row it comes from."""

    inputs: list[bytes]
    elements: Column
    holdings: list[str]
    rows: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.inputs)


class PointCache:
    """The points of every dataset and kind of match key, sealed under a key of their own.

    Args:
        holdings: the party's records.
        keys: the key store.
        folder: where the sealed points lie.
    """

    def __init__(self, holdings: Holdings, keys: KeyStore, folder: Path) -> None:
        self._holdings = holdings
        self._keys = keys
        self._folder = folder

    def of(self, datasets: Sequence[Holding], kind: str, purpose: Purpose) -> Points:
        """The points of the datasets' records, computed where they are not kept yet; one combination entry."""
        missing = [each for each in datasets if not self._path(each, kind).exists()]
        if missing:
            self._compute(missing, kind, purpose)
        else:
            self._holdings.note_combination(datasets, list(columns_for(kind)), purpose)
        tables = [(each, read_sealed(self._path(each, kind), self._keys.get(_name(each, kind)))) for each in datasets]
        inputs = [value for _each, table in tables for value in table.column("input").to_pylist()]
        return Points(
            inputs=inputs,
            elements=np.concatenate([_unpack(table.column("element")) for _each, table in tables])
            if tables
            else np.empty((0, BYTES), dtype=np.uint8),
            holdings=[each.id for each, table in tables for _row in range(table.num_rows)],
            rows=np.concatenate([table.column("row").to_numpy() for _each, table in tables])
            if tables
            else np.empty(0, dtype=np.int64),
        )

    def forget(self, kept: Sequence[Holding]) -> None:
        """Erase the points of datasets that are no longer held, or have been altered since."""
        alive = {_version(each) for each in kept}
        for path in self._folder.glob("*.points"):
            version, _dot, kind = path.name.removesuffix(".points").partition(".")
            if version not in alive:
                self._keys.erase(f"points/{version}/{kind}")
                path.unlink(missing_ok=True)

    def _compute(self, datasets: Sequence[Holding], kind: str, purpose: Purpose) -> None:
        for each, table in self._holdings.derive(datasets, columns=list(columns_for(kind)), purpose=purpose):
            made = inputs_of(table, kind)
            values = [one.value for one in made]
            elements = oprf.hash_to_group(values)
            sealed = pa.table(
                {
                    "input": pa.array(values, pa.binary()),
                    "element": pa.FixedSizeBinaryArray.from_buffers(
                        pa.binary(BYTES), len(values), [None, pa.py_buffer(np.ascontiguousarray(elements))]
                    ),
                    "row": pa.array([one.place for one in made], pa.int64()),
                }
            )
            write_sealed(sealed, self._path(each, kind), self._keys.create(_name(each, kind)))

    def _path(self, holding: Holding, kind: str) -> Path:
        return self._folder / f"{_version(holding)}.{kind}.points"


def _version(holding: Holding) -> str:
    """A dataset as it stands now: one record that is corrected makes another of it."""
    return f"{holding.id}-{holding.digest[:16]}"


def _name(holding: Holding, kind: str) -> str:
    return f"points/{_version(holding)}/{kind}"


def _unpack(packed: pa.ChunkedArray) -> Column:
    joined = b"".join(packed.to_pylist())
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, BYTES)
