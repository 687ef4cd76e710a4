"""An IATI file of 10,000 activities in and out again: seconds, memory, and what survives, beside okfn-iati."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.harness import Row, clock, shell
from bench.peer import NoPeer, environment

ACTIVITIES = 10_000
COUNTED = ("contact-info", "reference", "dimension", "baseline", "target", "actual", "narrative")
OURS = """
import json, resource, sys, datetime
from pathlib import Path
from convenio.programs.framework import formats
from convenio.programs.framework.formats import iati
from convenio.programs.framework.scorecard import Scorecard
card = Scorecard(Path(sys.argv[2]))
card.take(formats.read(Path(sys.argv[1]), card, by="bench"))
iati.write(Scorecard(Path(sys.argv[2])), Path(sys.argv[3]), datetime.date(2026, 1, 1))
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
PEER = """
import json, logging, resource, sys
from okfn_iati import IatiMultiCsvConverter
logging.disable(logging.CRITICAL)
converter = IatiMultiCsvConverter()
sys.stdout, told = sys.stderr, sys.stdout
converter.xml_to_csv_folder(sys.argv[1], sys.argv[2])
converter.csv_folder_to_xml(sys.argv[2], sys.argv[3], validate_output=False)
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), file=told)
"""
ACTIVITY = """  <iati-activity default-currency="USD" xml:lang="en">
    <iati-identifier>XM-EX-{n}</iati-identifier>
    <reporting-org ref="XM-EX" type="10"><narrative>Made-up agency</narrative></reporting-org>
    <title><narrative>Activity {n}</narrative></title>
    <description type="1"><narrative>What activity {n} does, for whom, and where</narrative></description>
    <participating-org ref="XM-EX" type="10" role="1"><narrative>Made-up agency</narrative></participating-org>
    <activity-status code="2"/>
    <activity-date type="2" iso-date="2023-03-01"/>
    <contact-info type="1"><email>nobody{n}@example.org</email></contact-info>
    <recipient-country code="MX" percentage="100"/>
    <sector vocabulary="1" code="15130" percentage="100"/>
    <tag vocabulary="99" vocabulary-uri="https://example.org" code="C51"><narrative>C51</narrative></tag>
    <result type="2">
      <title><narrative>Access {n}</narrative></title>
      <indicator measure="1" ascending="0">
        <title><narrative>Days waited {n}</narrative></title>
        <reference vocabulary="9" code="3.5.1"/>
        <baseline year="2022" iso-date="2022-12-31" value="{n}"/>
        <period>
          <period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
          <target value="14"/>
          <actual value="16"/>
          <actual value="15.5"><dimension name="sex" value="female"/></actual>
        </period>
      </indicator>
    </result>
  </iati-activity>
"""


def made(path: Path, count: int) -> dict[str, int]:
    """A made-up file, and how often each element that is counted stands in it."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n')
        for number in range(count):
            file.write(ACTIVITY.replace("{n}", str(number)))
        file.write("</iati-activities>\n")
    return counts(path)


def counts(path: Path) -> dict[str, int]:
    """How often each element that is counted stands in the file's own activities (not in what ships with us)."""
    from lxml import etree

    found = dict.fromkeys(COUNTED, 0)
    for _event, activity in etree.iterparse(str(path), tag="iati-activity", huge_tree=True):
        if (activity.findtext("iati-identifier") or "").startswith("XM-EX-"):
            for name in COUNTED:
                found[name] += sum(1 for _each in activity.iter(name))
        activity.clear()
    return found


def measured(python: str | Path, code: str, *words: str) -> tuple[float, dict[str, Any]]:
    """CPU seconds of a run, and what it told."""
    with clock() as taken:
        done = subprocess.run([str(python), "-c", code, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoPeer((done.stderr.strip().splitlines() or ["it failed"])[-1])
    return taken.cpu, json.loads(done.stdout.strip().splitlines()[-1])


def kept(before: dict[str, int], after: dict[str, int]) -> str:
    """Of each element, how many survived."""
    return ", ".join(f"{name} {min(after[name], before[name]):,}/{before[name]:,}" for name in COUNTED)


def run(*, quick: bool) -> list[Row]:
    """Both round trips, on the same file."""
    count = ACTIVITIES // 20 if quick else ACTIVITIES
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        source = home / "in.xml"
        before = made(source, count)
        size = source.stat().st_size / 1e6
        ours, told = measured(sys.executable, OURS, str(source), str(home / "card"), str(home / "ours.xml"))
        survived = counts(home / "ours.xml")
        peer: float | str = "not run"
        peak: float | str = "not run"
        theirs, why = "", ""
        try:
            python = environment("okfn-iati", "okfn-iati==0.4.3")
            peer, said = measured(python, PEER, str(source), str(home / "csv"), str(home / "theirs.xml"))
            peak, theirs = said["peak"], kept(before, counts(home / "theirs.xml"))
        except NoPeer as error:
            why = f"; peer: {error}"
    lost = [name for name in COUNTED if survived[name] < before[name]]
    note = f"{count:,} activities, {size:.0f} MB; ours into a scorecard on disk, by every rule{why}"
    return [
        Row("round trip", ours, "CPU s", peer, note=f"{note}; peer: okfn-iati 0.4.3, by its CSV tables"),
        Row("peak memory", told["peak"], "MB", peak, note="of the whole process"),
        Row("elements that survive", kept(before, survived), "", theirs or None, "all", not lost),
    ]


if __name__ == "__main__":
    shell(run)
