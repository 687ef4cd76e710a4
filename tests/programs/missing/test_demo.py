"""The program's part of the story: who is there is found, who is not is not, and no genotype leaves its holder."""

from __future__ import annotations

import json

from convenio.core.program import discover, program
from convenio.programs.missing.demo import compare_remains
from convenio.programs.missing.example import FOUND, found, waiting
from convenio.work.queue import Queue
from tests.console.conftest import small_node


def test_remains_of_another_side_are_held_against_the_families_of_this_one(tmp_path):
    discover()
    node = small_node(tmp_path)
    queue, person = Queue(node.store, node.clock), node.people.person("ana")
    told = compare_remains(queue, person)
    assert {id_: bool(each["worth_while"]) for id_, each in told.answers.items()} == {
        "R-1": True,
        "R-2": True,
        "R-3": False,
        "R-4": False,
    }
    assert (told.raised, told.decided) == (2, 2)
    rows = queue.all(person)
    assert [row["state"] for row in rows] == ["verified", "verified"]
    whole = [queue.get(person, row["id"])[1] for row in rows]
    assert {each.claim.en for each in whole} == {
        f"Remains R-{n} may be {missing} of the family {family}" for n, (family, missing) in enumerate(FOUND.items(), 1)
    }
    assert all(each.claim.es.startswith("Los restos R-") for each in whole)
    node.store.close()


def test_nothing_of_a_familys_genotype_stands_in_an_answer_or_a_finding(tmp_path):
    node = small_node(tmp_path)
    queue, person = Queue(node.store, node.clock), node.people.person("ana")
    told = compare_remains(queue, person)
    shown = json.dumps(told.answers) + "".join(
        queue.get(person, row["id"])[1].model_dump_json() for row in queue.all(person)
    )
    profiles = [p for f in waiting() for p in f.references.values()] + [each.profile for each in found()]
    assert profiles
    for profile in profiles:
        for locus, genotype in profile.items():
            assert locus not in shown
            assert f'"{genotype}"' not in shown
    assert "ratio" not in json.dumps(told.answers)
    node.store.close()


def test_the_program_names_its_part_of_the_story():
    assert program("missing").load("demo") is compare_remains
