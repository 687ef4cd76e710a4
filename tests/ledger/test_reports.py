from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.ledger.example import Story, tell, write_example, written
from convenio.ledger.log import Log
from convenio.ledger.reports import accounting, alarm, contact_reports, filed_in, years_after
from tests.ledger.conftest import START

NOW = START + dt.timedelta(days=1)


@pytest.mark.parametrize("seed", range(5))
def test_each_exchange_has_exactly_one_contact_report_and_each_disclosure_one_line(seed):
    sides, ends = tell(80, seed, START)
    for peer, entries in (("mx", sides.us), ("us", sides.mx)):
        told = [each.exchange.id for each in contact_reports(enumerate(entries), peer, now=NOW)]
        assert sorted(told) == sorted(ends)
    released = [f"release-of-{name}" for name, end in ends.items() if end in {"released", "recalled"}]
    assert sorted(each.id for each in accounting(enumerate(sides.mx), "us")) == sorted(released)
    assert accounting(enumerate(sides.us), "mx") == []


def test_a_report_says_who_when_under_what_and_how_it_ended_in_the_right_language():
    sides = Story(START)
    sides.request("r1", "recalled")
    report = contact_reports(enumerate(sides.mx), "us", now=NOW)[0]
    row = report.row("es")
    assert row["people"] == "berta, carlos"
    assert (row["with"], row["agreement"], row["clause"], row["entry"]) == ("us", "bicentennial", "finance", 0)
    assert row["outcome"] == "entregado y después retirado"
    assert row["kind"] == "solicitud de información"
    assert report.row("en")["outcome"] == "released, and recalled"
    line = accounting(enumerate(sides.mx), "us")[0].row("en")
    assert (line["recipient"], line["subjects"], line["purpose"]) == ("us", 2, "finance")
    assert line["agreement"] == "bicentennial"
    assert line["kept_until"] == "2031-01-05"


def test_the_alarm_goes_off_when_the_term_is_near_and_when_it_is_over_and_not_once_it_is_filed():
    sides = Story(START)
    sides.match("run")
    began = sides.mx[0].at

    def state(hours: float, filed=()) -> str:
        now = began + dt.timedelta(hours=hours)
        report = contact_reports(enumerate(sides.mx), "us", now=now, filed=filed)[0]
        assert report.due == began + dt.timedelta(days=3)
        assert bool(alarm([report])) == (report.state in {"near", "overdue"})
        return report.state

    assert [state(each) for each in (1, 47.9, 48.1, 71.9, 72.1)] == ["due", "due", "near", "near", "overdue"]
    sides.add("us", "contact-reported", "run")
    filed = filed_in(enumerate(sides.us))
    assert state(80, filed) == "filed"


def test_a_leap_day_is_kept_five_years():
    assert years_after(dt.date(2028, 2, 29), 5) == dt.date(2033, 2, 28)
    assert years_after(dt.date(2028, 2, 29), 4) == dt.date(2032, 2, 29)


@pytest.fixture
def homes(tmp_path):
    """Two nodes' folders whose border ledgers hold twenty whole exchanges that ended an hour ago."""
    return tmp_path, write_example(tmp_path, exchanges=20, now=dt.datetime.now(dt.UTC), seed=7)


def test_the_commands_write_both_papers_and_reconcile(convenio, homes):
    folder, ends = homes
    code, out, _err = convenio("ledger", "report", folder / "mx", "us", "--kind", "contact", "--csv", "-")
    rows = list(csv.reader(io.StringIO(out)))
    assert code == 0
    assert rows[0][:3] == ["intercambio", "fecha y hora", "servidores públicos"]
    assert sorted(row[0] for row in rows[1:]) == sorted(ends)
    code, out, _err = convenio("ledger", "report", folder / "mx", "us", "--kind", "accounting", "--json", "-")
    disclosed = [end for end in ends.values() if end in {"released", "recalled"}]
    assert code == 0
    assert len(json.loads(out)) == len(disclosed)
    assert {row["nature"] for row in json.loads(out)} == {"released"}
    for other in ([], ["--with", folder / "mx/ledger/border-us"]):
        code, out, _err = convenio("ledger", "reconcile", folder / "us", "mx", *other, "--json", "-")
        assert code == 0
        assert json.loads(out)["orphans"] == []
        assert json.loads(out)["paired"] > 40
    assert convenio("ledger", "report", folder / "mx", "us", "--kind", "other")[0] == 2


def test_a_missing_reception_fails_the_command_and_names_the_release(convenio, homes):
    folder, _ends = homes
    sides = Story(START)
    sides.request("lost", "released")
    other = folder / "mx/another"
    with Log(other, "convenio.mx/border-us", Ed25519PrivateKey.generate()) as log:
        log.append([written(each) for each in sides.mx])
    code, out, _err = convenio("ledger", "reconcile", folder / "us", "mx", "--with", other)
    assert code == 1
    assert "release-of-lost" in out


def test_a_ledger_that_does_not_verify_is_not_reconciled(convenio, homes):
    folder, _ends = homes
    bundle = next((folder / "us/ledger/border-mx/tile/entries").rglob("*.p/*"))
    bundle.write_bytes(bundle.read_bytes().replace(b"finance", b"Finance"))
    code, _out, err = convenio("ledger", "report", folder / "us", "mx", "--kind", "contact")
    assert code == 2
    assert "does not verify" in err
