from __future__ import annotations

import json
import multiprocessing
import threading

import pytest

from convenio.core.errors import Conflict, ConvenioError, InputError
from convenio.programs.framework.scorecard import SHIPPED, Scorecard, read_commitments
from convenio.programs.framework.storage import Folder
from tests.programs.framework.made_up import indicator, milestone, observation, rating

FILES = ("indicators.json", "observations.jsonl", "ratings.jsonl", "milestones.json")


@pytest.fixture
def full(card):
    card.observe(observation())
    card.rate(rating())
    card.plan(milestone())
    return card


def test_what_is_written_is_read_again(full):
    again = Scorecard(full.folder)
    assert list(again.parts()) == list(full.parts())
    assert {each.name for each in full.folder.iterdir()} == {*FILES, ".lock"}


def test_what_another_wrote_is_seen(full):
    Scorecard(full.folder).observe(observation(70.0, 65.0, 75.0, version=2))
    assert [each.value for each in full.observations("waiting")] == [80.0, 70.0]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text + "{",
        lambda text: text.replace('"', "'", 1),
        lambda text: text.replace("{", "{,", 1),
        lambda text: text.replace("{", '{"more": 1, ', 1),
        lambda text: text.replace("{", '{"by": "a", "by": "b", ', 1),
        lambda text: text.replace("{", '{"by": NaN, ', 1),
        lambda text: text[: len(text) // 2],
        lambda _text: "[" * 100_000,
        lambda text: text.replace("\n]", f",{text.strip()[1:-1]}]") if text.startswith("[") else text + text,
    ],
)
def test_a_damaged_file_is_told_with_its_line(full, name, damage):
    path = full.folder / name
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError, match=rf"{name}, line \d+"):
        list(Scorecard(full.folder).parts())


def test_the_line_is_the_one_that_is_wrong(full):
    path = full.folder / "observations.jsonl"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{{,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"observations\.jsonl, line 3"):
        full.observations()
    path = full.folder / "indicators.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"level": "outcome"', '"level": outcome'), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"indicators\.json, line 9"):
        full.indicators()


def test_bytes_that_are_no_text_are_told_with_their_line(full):
    path = full.folder / "ratings.jsonl"
    path.write_bytes(path.read_bytes() + b"\xff\n")
    with pytest.raises(InputError, match=r"ratings\.jsonl, line 2"):
        full.ratings()


def edited(path, change):
    held = json.loads(path.read_text(encoding="utf-8"))
    change(held[0])
    path.write_text(json.dumps(held), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["baseline"].update(value=120),
        lambda told: told["baseline"].update(on="2020-12-31"),
        lambda told: told["baseline"].update(digest=""),
    ],
)
def test_a_baseline_changed_by_hand_is_seen_when_it_is_read(full, change):
    edited(full.folder / "indicators.json", change)
    with pytest.raises(InputError, match="not what its lock was made for"):
        full.indicators()


def test_terms_changed_by_hand_after_an_observation_are_seen_even_with_a_new_lock(full):
    def relocked(told):
        told["baseline"].update(value=120, digest="")
        made = indicator(baseline=told["baseline"])
        told["baseline"]["digest"] = made.baseline.computed()

    for change in (relocked, lambda told: told.update(registered_change=0.1), lambda told: told.update(level="impact")):
        before = (full.folder / "indicators.json").read_text(encoding="utf-8")
        edited(full.folder / "indicators.json", change)
        with pytest.raises(InputError, match="other terms"):
            Scorecard(full.folder).results(observation().on)
        (full.folder / "indicators.json").write_text(before, encoding="utf-8")
    assert full.observations("waiting")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1"),
        ("id,goal\nC1,all\n", "line 1"),
        ("ROW\nx,C01,all,s,principle,does,exchange,a,b\n", "line 2"),
        ("ROW\nC01,all,s,principle,does,exchange,a,b\nC01,all,s,principle,does,exchange,a,b\n", "line 3"),
        ("ROW\nC01,all,s,principle,does,exchange,a\n", "line 2"),
        ('ROW\nC01,all,s,principle,does,exchange,a,"b"c\n', "line 2"),
        ("ROW\nC01,nowhere,s,principle,does,exchange,a,b\n", "goal"),
        ("id,id,goal,section,modality,software,program,text_en,text_es\n", "line 1"),
    ],
)
def test_a_file_of_commitments_that_does_not_fit_is_told_with_its_line(tmp_path, text, says):
    path = tmp_path / "commitments.csv"
    path.write_text(text.replace("ROW", "id,goal,section,modality,software,program,text_en,text_es"), encoding="utf-8")
    for read in (lambda: read_commitments(path), lambda: Scorecard(tmp_path).commitments()):
        with pytest.raises(InputError) as told:
            read()
        assert "commitments.csv" in str(told.value)
        assert says in str(told.value)


def test_commitments_with_bytes_of_another_encoding_are_told(tmp_path):
    path = tmp_path / "commitments.csv"
    path.write_bytes(SHIPPED.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(InputError, match=r"commitments\.csv, line \d+"):
        read_commitments(path)


def entered(folder, name):
    held = Scorecard(folder)
    for number in range(5):
        held.register(indicator(id=f"{name}-{number}"))
        held.observe(observation(indicator=f"{name}-{number}"))


def test_of_many_who_write_at_once_nothing_is_lost(tmp_path):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=entered, args=(tmp_path, f"w{each}")) for each in range(3)]
    threads = [threading.Thread(target=entered, args=(tmp_path, f"t{each}")) for each in range(2)]
    for each in writers + threads:
        each.start()
    for each in writers + threads:
        each.join()
    held = Scorecard(tmp_path)
    names = {f"{who}-{number}" for who in ("w0", "w1", "w2", "t0", "t1") for number in range(5)}
    assert names <= {each.id for each in held.indicators()}
    assert names <= {each.indicator for each in held.observations()}


def test_of_two_who_rate_at_once_one_is_told_what_the_other_wrote(tmp_path):
    told, barrier = [], threading.Barrier(4)

    def rate(who):
        barrier.wait()
        try:
            Scorecard(tmp_path).rate(rating(by=who))
        except Conflict as error:
            told.append((who, str(error)))

    threads = [threading.Thread(target=rate, args=(f"p{each}",)) for each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (held,) = Scorecard(tmp_path).ratings()
    assert len(told) == 3
    assert all(f"by {held.by}" in text for _who, text in told)


def test_many_parts_go_in_together_or_not_at_all(full):
    before = {each.name: each.read_bytes() for each in full.folder.iterdir()}
    wrong = observation(indicator="new", on=indicator().baseline.on.replace(year=2020))
    with pytest.raises(ConvenioError, match=r"row 4.*\n.*nothing was imported|row 4"):
        full.take([(indicator(id="new"), "row 2"), (milestone(id="m2"), "row 3"), (wrong, "row 4")])
    assert {each.name: each.read_bytes() for each in full.folder.iterdir()} == before
    assert not [each for each in full.indicators() if each.id == "new"]


def test_a_change_that_is_broken_off_is_done_whole_by_the_next_one(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    with folder.changing():
        folder.put("a.json", "1")
        folder.put("b.json", "1")
    replaced, real = [], type(tmp_path).replace

    def fails_second(self, target):
        if self.name in {"a.json.part", "b.json.part"}:
            if replaced:
                raise KeyboardInterrupt
            replaced.append(self.name)
        return real(self, target)

    monkeypatch.setattr(type(tmp_path), "replace", fails_second)

    def change():
        with folder.changing():
            folder.put("a.json", "2")
            folder.put("b.json", "2")

    with pytest.raises(KeyboardInterrupt):
        change()
    monkeypatch.undo()
    again = Folder(tmp_path)
    with again.reading():
        assert (again.read("a.json"), again.read("b.json")) == ("2", "2")
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / ".journal.json").exists()


def test_a_disk_that_is_full_leaves_everything_as_it_was(full, monkeypatch):
    import os

    def refuse(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(InputError, match="No space left"):
        full.observe(observation(70.0, 65.0, 75.0, version=2))
    monkeypatch.undo()
    assert [each.value for each in full.observations("waiting")] == [80.0]
    assert not list(full.folder.glob("*.part"))


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "x").write_text("", encoding="utf-8")
    with pytest.raises(InputError):
        Scorecard(tmp_path / "x").register(indicator())
