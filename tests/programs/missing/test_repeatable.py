"""The same question gives the same number, to the last bit, in every process."""

from __future__ import annotations

import os
import subprocess
import sys

ASKED = """
from convenio.programs.missing.methods import Locus, Mutation, Pedigree, Person, Population, kinship_lr
people = [Person("A", sex="male"), Person("B", sex="female"), Person("C", sex="male"), Person("D", sex="female"),
          Person("E", "A", "B", "male"), Person("F", "C", "D", "female"), Person("G", "A", "D", "female"),
          Person("H", "E", "F", "male"), Person("I", "H", "G", "female")]
freqs = {"8": 0.1, "9": 0.15, "9.3": 0.05, "10": 0.3, "11": 0.25, "12": 0.15}
known = Population("made up", {"L": Locus.of("L", freqs, mutation=Mutation("stepwise", 0.01, 0.001, 0.3))})
whole = Pedigree.of(people)
apart = [whole.renamed({"I": "J"}), Pedigree.of([Person("I", sex="female")])]
seen = {"B": {"L": "8/9.3"}, "G": {"L": "9/11"}, "I": {"L": "10/12"}}
print(kinship_lr({"one": whole, "other": apart}, seen, known).loci[0].likelihoods)
"""


def test_a_likelihood_does_not_depend_on_the_order_in_which_a_process_keeps_names():
    told = {
        subprocess.run(
            [sys.executable, "-c", ASKED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert "one" in told.pop()
