from __future__ import annotations

import os
import signal
import time

import pytest

from convenio.demo.cast import MX, US
from convenio.demo.stage import Stage
from convenio.ledger.verify import verify
from convenio.world.world import World
from tests.exchange.conftest import pair, planted  # noqa: F401 - fixtures
from tests.faults.storm import blow


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_and_nothing_happens_twice_in_a_storm(pair, seed):  # noqa: F811
    assert blow(pair, seed, 6) >= 1


def test_a_node_killed_at_any_moment_comes_back_whole(tmp_path):
    """SIGKILL in the middle of a match and a release; both nodes start again from what lies on the disk."""
    stage = Stage(tmp_path, free_ports=True)
    stage.set_up()
    planted_people = World().plant(shared=2, nominees=2, customers=400)
    stage.collect(MX, planted_people.customers)
    try:
        for wait in (0.0, 0.15):
            stage.raise_curtain()
            us = stage.desktop(US, "analyst")
            rows = planted_people.nominees.select(["name", "curp"]).to_pylist()
            order = {
                "peer": "mx",
                "agreement": "us-mx-joint-action",
                "clause": "finance-designation",
                "kind": "curp",
                "purpose": "joint-designation",
                "case": "C-1",
                "subject_role": "suspect",
                "subjects": [{"label": row["name"], "curp": row["curp"]} for row in rows],
            }
            match = us.post("/matches", order)
            assert len(match["hits"]) == 2
            us.post("/requests", {"run": match["run"], "places": [0], "fields": ["name"], "reason": "because"})
            us.close()
            time.sleep(wait)
            for process in stage._processes.values():
                os.kill(process.pid, signal.SIGKILL)
                process.wait(10)
            for party, name in (("us", "border-mx"), ("mx", "border-us")):
                report = verify(stage.settings[party].home / "ledger" / name)
                assert report.holds, report.as_json()
        stage.raise_curtain()
        officer = stage.desktop(MX, "releasing_officer")
        until = time.monotonic() + 60
        while time.monotonic() < until and len(officer.get("/requests", state="waiting")) < 2:
            time.sleep(0.3)
        assert len(officer.get("/requests", state="waiting")) == 2
        officer.close()
    finally:
        stage.drop_curtain()
