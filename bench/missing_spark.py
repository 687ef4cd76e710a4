"""The declared search on Spark: the same candidates as in memory, and what the engine costs on one machine."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.harness import Row, clock, shell
from convenio.core.program import program
from convenio.programs.missing.example import files, population
from convenio.programs.missing.formats.genotypes import read_genotypes
from convenio.programs.missing.formats.pedigrees import read_pedigrees
from convenio.programs.missing.schema import FrequencyRow, GenotypeRow, PedigreeRow, ProfileRow


def tables() -> dict[str, pa.Table]:
    """The made-up families, references and frequencies as the method takes them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in files().items():
            (folder / file).write_text(text, encoding="utf-8")
        pedigrees = [
            {
                "pedigree": s.name,
                "person": p.id,
                "father": p.father,
                "mother": p.mother,
                "sex": p.sex,
                "missing": p.id in s.missing,
            }
            for s in read_pedigrees(folder / "families.txt")
            for p in s.pedigree.persons
        ]
        references = [
            {
                "person": s.id,
                "family": s.family,
                "sex": s.sex,
                "locus": locus,
                "allele_1": text.split("/")[0],
                "allele_2": text.split("/")[1],
            }
            for s in read_genotypes(folder / "references.csv")
            for locus, text in s.profile.items()
        ]
    frequencies = [
        {"locus": n, "allele": a, "frequency": f}
        for n, locus in population().loci.items()
        for a, f in zip(locus.alleles, locus.freqs, strict=True)
    ]
    return {
        "pedigrees": pa.Table.from_pylist(pedigrees, schema=PedigreeRow.arrow_schema()),
        "references": pa.Table.from_pylist(references, schema=GenotypeRow.arrow_schema()),
        "frequencies": pa.Table.from_pylist(frequencies, schema=FrequencyRow.arrow_schema()),
    }


def remains(number: int) -> pa.Table:
    rng = np.random.default_rng(11)
    drawn = {
        name: [locus.alleles[a] for a in rng.choice(len(locus.alleles), 2 * number, p=np.array(locus.freqs))]
        for name, locus in population().loci.items()
    }
    rows = [
        {
            "person": f"R{i}",
            "sex": None,
            "profile": ";".join(f"{name}={a[2 * i]}/{a[2 * i + 1]}" for name, a in drawn.items()),
        }
        for i in range(number)
    ]
    return pa.Table.from_pylist(rows, schema=ProfileRow.arrow_schema())


def run(*, quick: bool = False) -> list[Row]:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        return [Row("search on Spark", "PySpark is not installed", "")]
    from convenio.files.spark import frame_of, run_on_spark

    number = 2_000 if quick else 40_000
    search = program("missing").declared_methods()["screen"]
    others, held, chosen = tables(), remains(number), {"threshold": -1.0, "mutation": "equal"}
    search.run({**others, "remains": held.slice(0, 10)}, chosen)
    with clock() as memory:
        expected = search.run({**others, "remains": held}, chosen)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
        try:
            frame = frame_of(session, held).repartition(4)
            with clock() as taken:
                found = run_on_spark(search, frame, chosen, others=others).toArrow()
        finally:
            session.stop()
    keys = ("family", "missing", "candidate")
    same = sorted(tuple(r[k] for k in keys) for r in found.to_pylist()) == sorted(
        tuple(r[k] for k in keys) for r in expected.to_pylist()
    )
    return [
        Row(
            f"{number:,} remains against four missing persons: candidates on Spark and in memory",
            "the same" if same else "different",
            f"of {expected.num_rows:,}",
            goal="the same",
            met=same,
            note=f"Spark {taken.wall:.1f} s wall on two cores with starting workers, memory {memory.wall:.1f} s wall",
        )
    ]


if __name__ == "__main__":
    shell(run)
