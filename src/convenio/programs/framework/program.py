"""What others see of the program."""

from convenio.core.program import Program
from convenio.core.words import _

PROGRAM = Program(
    name="framework",
    title=_("Framework"),
    answers=_("Which commitments are kept, by what evidence, in whose judgement?"),
    goal="all",
    package="convenio.programs.framework",
    commands="commands:app",
    pages="pages:router",
    indicators="indicators:INDICATORS",
)
