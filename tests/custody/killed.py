"""Run by `test_holdings.py`: one act on holdings, again and again, killed at every step of it in turn."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import sys
from pathlib import Path

import pyarrow as pa
from sqlalchemy import event
from sqlalchemy.orm import Session

from convenio.custody import holdings as module
from convenio.custody.clock import TrustedClock
from convenio.custody.holdings import Holdings, Purpose
from convenio.custody.keystore import KeyStore
from convenio.people.accounts import Person
from convenio.stores.operational import Store

AT = dt.datetime(2021, 10, 8, 12, tzinfo=dt.UTC)
ANA = Person("ana", "Ana", "uif", frozenset({"analyst"}), "es")
TABLE = pa.table({"name": ["María", "Luis"], "n": ["1", "2"]})


class Opened:
    """Holdings of a folder."""

    def __init__(self, folder: Path, at: dt.datetime = AT) -> None:
        self.folder = folder
        self.store = Store(f"sqlite:///{folder}/node.db")
        if not (folder / "node.db").exists():
            self.store.migrate()
        self.keys = KeyStore(folder / "keys" / "vault.db")
        self.holdings = Holdings(self.store, self.keys, folder / "tables", TrustedClock(self.store, lambda: at))

    def close(self) -> None:
        self.keys.close()
        self.store.close()


def act(opened: Opened, name: str) -> None:
    holdings = opened.holdings
    if name == "collect":
        holdings.collect(TABLE, actor=ANA, record_type="person", category="missing", title="second")
        return
    (held,) = holdings.all()
    if name == "alter":
        holdings.alter(held.id, 1, {"name": "Luisa"}, actor=ANA, reason="misspelt")
    elif name == "erase":
        holdings.erase(held.id, actor=ANA, reason="its term")
    else:
        holdings.rows(held.id, actor=ANA, purpose=Purpose("search", "C-1"))


def die_at(step: int) -> None:
    """Have this process killed before or after the step-th thing it does to a disk."""
    passed = [0]

    def one(*_anything: object) -> None:
        passed[0] += 1
        if passed[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(owner: object, name: str) -> None:
        plain = getattr(owner, name)

        def told(*args: object, **more: object) -> object:
            one()
            result = plain(*args, **more)
            one()
            return result

        setattr(owner, name, told)

    for owner, name in ((KeyStore, "put"), (KeyStore, "erase"), (Path, "unlink"), (module, "write_sealed")):
        around(owner, name)
    event.listen(Session, "before_commit", one)
    event.listen(Session, "after_commit", one)


def main(folder: Path) -> None:
    for name in ("collect", "alter", "erase", "consult"):
        step, killed = 0, True
        while killed:
            step += 1
            copy = folder / f"{name}-{step:02}"
            shutil.copytree(folder / "before", copy)
            child = os.fork()
            if not child:
                die_at(step)
                opened = Opened(copy)
                act(opened, name)
                os._exit(0)
            killed = os.waitpid(child, 0)[1] != 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
