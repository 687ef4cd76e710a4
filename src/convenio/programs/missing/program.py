"""What others see of the program."""

from convenio.core.program import Program
from convenio.core.words import _

PROGRAM = Program(
    name="missing",
    title=_("Missing"),
    answers=_("Whose remains are these; whose family is waiting?"),
    goal="all",
    package="convenio.programs.missing",
    methods="methods",
    commands="commands:app",
    pages="pages:router",
    sharing="sharing:SHARING",
    indicators="indicators:INDICATORS",
    demo="demo:compare_remains",
)
