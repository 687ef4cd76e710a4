from __future__ import annotations

import datetime as dt

import pytest

from convenio.people.accounts import People
from convenio.stores.operational import Store


class Clock:
    """A clock that tests move."""

    def __init__(self):
        self.at = dt.datetime(2021, 10, 6, 12, tzinfo=dt.UTC)

    def __call__(self):
        return self.at

    def forward(self, **by):
        self.at += dt.timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path):
    made = Store(f"sqlite:///{tmp_path}/node.db")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def people(store, clock):
    made = People(store, clock, fast=True)
    made.add_agency("uif", en="Financial Intelligence Unit", es="Unidad de Inteligencia Financiera")
    return made
