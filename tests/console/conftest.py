from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from convenio.console.app import application
from convenio.people.accounts import People
from convenio.people.credentials import Credentials
from convenio.stores.operational import Store

PASSWORD = "correct horse battery"
ACCOUNTS = {
    "ana": ("Ana Torres", ["analyst"]),
    "olga": ("Olga Ruiz", ["releasing_officer"]),
    "omar": ("Omar Díaz", ["releasing_officer"]),
    "sara": ("Sara Luna", ["supervisor"]),
    "aldo": ("Aldo Peña", ["auditor"]),
    "olivia": ("Olivia Sosa", ["ombudsperson"]),
    "saul": ("Saúl Mora", ["secretariat"]),
    "ada": ("Ada Gil", ["administrator"]),
}


class Clock:
    """A clock that tests move."""

    def __init__(self):
        self.at = dt.datetime(2021, 10, 6, 12, tzinfo=dt.UTC)

    def __call__(self):
        return self.at

    def forward(self, **by):
        self.at += dt.timedelta(**by)


class NoLogs:
    """The ledgers of a node that does not serve."""

    def state(self):
        return []


@dataclass
class SmallNode:
    """The parts of a node that stand alone: a real store, real accounts, no peer."""

    settings: Any
    clock: Clock
    store: Store
    people: People
    credentials: Credentials
    logs: Any = field(default_factory=NoLogs)


def small_node(home: Path, *, party: str = "mx", port: int = 8701) -> SmallNode:
    clock = Clock()
    store = Store(f"sqlite:///{home}/node.db")
    store.migrate()
    people = People(store, clock, fast=True)
    people.add_agency("uif", en="Financial Intelligence Unit", es="Unidad de Inteligencia Financiera")
    for name, (full_name, roles) in ACCOUNTS.items():
        people.add(name, PASSWORD, full_name=full_name, agency="uif", roles=roles)
    settings = SimpleNamespace(party=party, name=f"Node of {party.upper()}", home=home, port=port, language="en")
    return SmallNode(settings, clock, store, people, Credentials(store, clock))


@pytest.fixture
def node(tmp_path):
    made = small_node(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def client(node):
    with TestClient(application(node, installed={}), base_url="http://localhost", follow_redirects=False) as made:
        yield made


@pytest.fixture
def signed_in(client):
    """Sign the client in as someone."""

    def sign_in(name: str) -> TestClient:
        answer = client.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=OWN)
        assert answer.status_code == 303, answer.text
        return client

    return sign_in


OWN = {"sec-fetch-site": "same-origin"}
