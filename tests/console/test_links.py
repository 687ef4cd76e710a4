"""What hangs together: begun from one thing, expanded from the server, only as far as the one who looks may see."""

from __future__ import annotations

import pytest

from convenio.console.samples import sample_finding
from convenio.core.finding import Evidence
from convenio.work.case_files import CaseFiles
from convenio.work.links import Links
from convenio.work.queue import Queue

LIST_ROW = Evidence(kind="digest", reference="9f2c51aa")


@pytest.fixture
def case(node, client):
    """A case file with one of two findings that rest on the same evidence, and a third that does not."""
    ana = node.people.person("ana")
    queue, cases = Queue(node.store, node.clock), CaseFiles(node.store, node.clock)
    base = sample_finding()
    other = base.model_copy(update={"params": {"n": 2}})
    alone = base.model_copy(update={"evidence": (Evidence(kind="digest", reference="9f2c51aa99"),)})
    queue.add([base, other, alone], agency="uif", by="ana")
    number = cases.open(ana, reference="UIF-1", title="<b>Names</b>", purpose="joint-designation")
    cases.add(ana, number, "finding", reference=base.id, text="x")
    queue.link(ana, base.id, 1, number)
    return {"case": number, "base": base.id, "other": other.id, "alone": alone.id}


def links(client, node, name="ana") -> Links:
    held = client.app.state.console
    return Links(node.people.person(name), queue=held.queue, cases=held.cases, border=held.border)


def test_two_steps_lead_from_the_case_to_what_its_finding_rests_on(client, node, case):
    net = links(client, node).around("case", case["case"], steps=2)
    assert {each.key for each in net.things} == {f"case/{case['case']}", f"finding/{case['base']}", "evidence/9f2c51aa"}
    further = links(client, node).around("case", case["case"], steps=3)
    assert f"finding/{case['other']}" in {each.key for each in further.things}
    assert f"finding/{case['alone']}" not in {each.key for each in further.things}
    assert len({frozenset((each.start, each.end)) for each in further.links}) == len(further.links)


def test_the_page_has_its_picture_and_its_table_and_names_who_looked(signed_in, case):
    page = signed_in("ana").get(f"/links/case/{case['case']}").text
    assert "<svg" in page
    assert "in the case file" in page
    assert "9f2c51aa" in page
    assert "ana · " in page
    assert f'href="/links/finding/{case["base"]}"' in page


def test_one_step_more_comes_as_json_in_the_readers_language(signed_in, case):
    told = signed_in("ana").get(f"/links/evidence/{LIST_ROW.reference}/more?lang=es").json()
    assert {each["id"] for each in told["nodes"]} == {
        "evidence/9f2c51aa",
        f"finding/{case['base']}",
        f"finding/{case['other']}",
    }
    assert {each["label"] for each in told["edges"]} == {"se apoya en"}
    assert {each["marking"] for each in told["nodes"] if each["id"].startswith("finding")} == {"TLP:RED"}


@pytest.mark.parametrize(
    "address", ["case/nothing", "finding/nothing", "evidence/none", "copy/x", "planet/x", "match/x"]
)
def test_what_is_not_there_and_what_is_not_for_you_are_answered_alike(signed_in, case, address):
    assert signed_in("ana").get(f"/links/{address}").status_code == 404


def test_other_roles_see_none_of_it(signed_in, case):
    for name in ("ada", "saul", "olga"):
        assert signed_in(name).get(f"/links/finding/{case['base']}").status_code == 404
        assert signed_in(name).get(f"/links/evidence/{LIST_ROW.reference}/more").status_code == 404
