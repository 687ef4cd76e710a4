from convenio.core.program import Program
from convenio.core.words import _

PROGRAM = Program(
    name="sample",
    title=_("Sample"),
    answers=_("What does a declaration give?"),
    goal="all",
    package="tests.conformance.sample",
    methods="methods",
)
