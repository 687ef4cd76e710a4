"""Files damaged at random: whatever is wrong with them, the error is one that people can read, and nothing is lost."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from convenio.core.errors import ConvenioError
from convenio.programs.framework import formats
from convenio.programs.framework.formats import tabular
from convenio.programs.framework.scorecard import Scorecard
from tests.programs.framework.made_up import indicator, milestone, observation, rating
from tests.programs.framework.strategies import small
from tests.programs.framework.test_iati import FOREIGN

PIECES = [
    b"null",
    b"-1",
    b"1e400",
    b"[]",
    b"{}",
    b"\x00",
    b"\xff\xfe",
    b"2021-13-40",
    b"NaN",
    b"<a/>",
    b"&x;",
    b'"',
    b";",
]


def damaged(data, chance):
    held = bytearray(data)
    for _time in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(held))
        end = min(len(held), at + chance.randrange(1, 30))
        what = chance.randrange(5)
        if what == 0:
            held[at] = chance.randrange(256)
        elif what == 1:
            del held[at:end]
        elif what == 2:
            held[at:at] = held[at:end]
        elif what == 3:
            held[at:end] = chance.choice(PIECES)
        else:
            held = held[: max(1, at)]
        held = held or bytearray(b" ")
    return bytes(held)


def damaged_inside(data, chance):
    """A workbook in which one of its packed files is damaged."""
    packed, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    chosen = chance.choice(packed.namelist())
    with zipfile.ZipFile(out, "w") as made:
        for name in packed.namelist():
            made.writestr(name, damaged(packed.read(name), chance) if name == chosen else packed.read(name))
    return out.getvalue()


@pytest.mark.parametrize(("name", "times"), [("in.json", 60), ("in.xml", 60), ("indicators.csv", 60), ("in.xlsx", 25)])
def test_an_import_of_a_damaged_file_ends_in_an_error_for_people(card, tmp_path, name, times):
    path, chance = tmp_path / name, random.Random(2021)
    if name.endswith("xml"):
        path.write_text(FOREIGN, encoding="utf-8")
    elif name.endswith("json"):
        path.write_text(f'{{"indicators": [{indicator().model_dump_json()}]}}', encoding="utf-8")
    else:
        held = small(tmp_path / "held")
        held.take([(each, "") for each in card.parts() if getattr(each, "id", "") == "waiting"])
        tabular.write(held, path, "indicators" if name.endswith("csv") else "", "en")
    whole, refused = path.read_bytes(), 0
    for _time in range(times):
        path.write_bytes((damaged_inside if name.endswith("xlsx") else damaged)(whole, chance))
        try:
            formats.read(path, Scorecard(tmp_path / "empty"), by="ana")
        except ConvenioError:
            refused += 1
    assert refused > times // 3


@pytest.mark.parametrize("name", ["indicators.json", "observations.jsonl", "ratings.jsonl", "milestones.json"])
def test_a_damaged_folder_ends_in_an_error_that_names_the_file(card, name):
    card.observe(observation())
    card.rate(rating())
    card.plan(milestone())
    path, chance = card.folder / name, random.Random(2021)
    whole, refused = path.read_bytes(), []
    for _time in range(40):
        path.write_bytes(damaged(whole, chance))
        try:
            list(Scorecard(card.folder).parts())
        except ConvenioError as error:
            refused.append(str(error.where))
    assert len(refused) > 20
    assert all(".json" in where for where in refused)
