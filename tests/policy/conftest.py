from __future__ import annotations

import datetime as dt

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.demo.stage import AGREEMENT_FILE
from convenio.policy.agreement import read_agreement, sign
from convenio.policy.engine import Engine, law_of

AT = dt.datetime(2021, 10, 4, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def text():
    return AGREEMENT_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def document(text):
    return yaml.safe_load(text)


@pytest.fixture(scope="session")
def authorities():
    return {party: Ed25519PrivateKey.generate() for party in ("us", "mx")}


@pytest.fixture(scope="session")
def signed(authorities):
    once = sign(read_agreement(AGREEMENT_FILE), authorities["us"], "us")
    return sign(once, authorities["mx"], "mx")


@pytest.fixture(scope="session")
def engine(signed):
    return Engine([signed], law_of("mx"))
