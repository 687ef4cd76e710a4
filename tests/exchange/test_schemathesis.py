"""The exchange interface, kept to its description under whatever schemathesis thinks of."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.routing import Route
from starlette.testclient import TestClient

from convenio.core.canonical import unb64
from convenio.exchange.interface import described
from convenio.exchange.transport import CERTIFICATE
from convenio.exchange.wire import exchange_app
from tests.exchange.conftest import pair as real_pair
from tests.exchange.conftest import planted  # noqa: F401 - a fixture

BEYOND = [ignored_auth, positive_data_acceptance]
"""Nobody is signed in here but by certificate, and no schema says which statements and envelopes are true."""


@pytest.fixture(scope="module")
def pair(tmp_path_factory, planted):  # noqa: F811
    """Two nodes with a release between them, for all tests of this module."""
    making = real_pair._get_wrapped_function()(tmp_path_factory.mktemp("pair"), planted)
    made = next(making)
    made.released()
    yield made
    next(making, None)


@pytest.fixture(scope="module")
def app(pair):
    """Mexico's exchange application, called with the United States' certificate."""
    inner, certificate = exchange_app(pair.mx.exchange()), unb64(pair.us.keys.public()["tls"])

    async def called(scope, receive, send):
        await inner({**scope, CERTIFICATE: certificate}, receive, send)

    called.routes = inner.routes
    return called


def test_the_description_names_every_door_and_no_other(pair):
    app = exchange_app(pair.mx.exchange())
    served = {each.path.replace(":path}", "}") for each in app.routes if isinstance(each, Route)}
    assert set(described(pair.mx.exchange())["paths"]) == served


def test_every_door_keeps_to_its_description(pair, app):
    schema = schemathesis.openapi.from_dict(described(pair.mx.exchange()))
    before = [len(each) for each in (pair.mx.requests.all(), pair.mx.copies.all(), pair.mx.releases.all())]
    tried = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=12,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(operation.as_strategy())
        def keeps(case):
            case.call_and_validate(app=app, excluded_checks=BEYOND)

        keeps()
        tried.append(operation.label)
    assert len(tried) == 9
    assert [len(each) for each in (pair.mx.requests.all(), pair.mx.copies.all(), pair.mx.releases.all())] == before


def test_a_caller_without_a_known_certificate_learns_nothing_at_any_door(pair):
    app = exchange_app(pair.mx.exchange())
    for proved in (None, b"", b"no certificate", unb64(pair.mx.keys.public()["tls"])):

        async def called(scope, receive, send, proved=proved):
            await app({**scope, CERTIFICATE: proved}, receive, send)

        with TestClient(called) as client:
            for path in described(pair.mx.exchange())["paths"]:
                answer = client.post(path.replace("{run}", "0" * 32).replace("{path}", "checkpoint"), content=b"{}")
                assert answer.status_code == 421, path
                assert set(answer.json()) <= {"status", "title", "title_es", "advice", "advice_es"}
