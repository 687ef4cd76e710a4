"""Pages of the console: a page out of a million rows, the lists on a node with work in it, the layout of a graph.

Peer: a page out of the same million rows with pandas (filter, sort, cut), as a page that keeps a data frame does it.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.harness import Row, clock, shell

ROWS, NODES, LINKS, FINDINGS = 1_000_000, 5_000, 9_999, 2_000


def seconds(work: Callable[[], Any], times: int = 7) -> float:
    """The median wall time of a few runs after one that warms up."""
    work()
    taken = []
    for _each in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def table_page(rows: int) -> list[Row]:
    from starlette.datastructures import QueryParams

    from convenio.console.pages.blocks import LONG, long_table
    from convenio.core.words import Message
    from convenio.web.table import ArrowRows, read_query, table

    held = long_table(rows)
    frame = held.to_pandas()
    made = []
    for words, text, peer in (
        ("first page", "", lambda: frame.iloc[:25].to_dict("records")),
        (
            "sorted by a number",
            "sort=-amount",
            lambda: frame.nlargest(25, "amount").to_dict("records"),
        ),
        (
            "filtered and searched, page 40",
            "q=and&f.amount.min=100&page=40",
            lambda: (
                frame[frame["name"].str.lower().str.contains("and", regex=False) & (frame["amount"] >= 100)]
                .iloc[975:1000]
                .to_dict("records")
            ),
        ),
    ):
        query = read_query(QueryParams(text), LONG, path="/t")
        ours = seconds(lambda query=query: table(ArrowRows(held), LONG, query, title=Message("t")))
        made.append(
            Row(
                f"a page out of {rows:,} rows, {words}",
                round(ours * 1000, 1),
                "ms",
                peer=round(seconds(peer) * 1000, 1),
                goal="under 150 ms",
                met=ours < 0.150,
                note="peer: pandas",
            )
        )
    return made


def lists(findings: int) -> list[Row]:
    from starlette.testclient import TestClient

    from convenio.console.app import application
    from convenio.console.samples import sample_finding
    from convenio.people.accounts import People
    from convenio.people.credentials import Credentials
    from convenio.stores.operational import Store
    from convenio.work.queue import Queue

    with tempfile.TemporaryDirectory() as folder:
        import datetime as dt

        def now() -> dt.datetime:
            return dt.datetime.now(dt.UTC)

        store = Store(f"sqlite:///{folder}/node.db")
        store.migrate()
        people = People(store, now, fast=True)
        people.add_agency("uif", en="Unit", es="Unidad")
        people.add("ana", "a long password", full_name="Ana", agency="uif", roles=["analyst"])
        settings = SimpleNamespace(party="mx", name="mx", home=Path(folder), port=1, language="en")
        logs = SimpleNamespace(state=list)
        node = SimpleNamespace(
            settings=settings, clock=now, store=store, people=people, credentials=Credentials(store, now), logs=logs
        )
        client = TestClient(application(node, installed={}), base_url="http://localhost")
        client.post(
            "/sign-in", data={"name": "ana", "password": "a long password"}, headers={"sec-fetch-site": "same-origin"}
        )
        base = sample_finding()
        many = [base.model_copy(update={"params": {"n": n}}) for n in range(findings)]
        Queue(store, now).add(many, agency="uif", by="ana")
        made = []
        for path in ("/", "/findings", "/findings?q=names&sort=-rank&page=3", "/cases", "/requests"):
            taken = seconds(lambda path=path: client.get(path))
            made.append(Row(f"{path} with {findings:,} findings, made on the server", round(taken * 1000, 1), "ms"))
        store.close()
        return made


def layout(nodes: int, links: int) -> list[Row]:
    import random

    from convenio.web.layout import place

    draw = random.Random(1)
    pairs = [(draw.randrange(nodes), draw.randrange(nodes)) for _each in range(links)]
    with clock() as ours:
        place(nodes, pairs)
    return [Row(f"layout of {nodes:,} nodes and {links:,} links, on the server", round(ours.cpu, 2), "CPU s")]


def run(*, quick: bool = False) -> list[Row]:
    return [
        *table_page(50_000 if quick else ROWS),
        *lists(100 if quick else FINDINGS),
        *layout(500 if quick else NODES, 900 if quick else LINKS),
    ]


if __name__ == "__main__":
    shell(run)
