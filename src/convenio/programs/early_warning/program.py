"""What others see of the program."""

from convenio.core.program import Program
from convenio.core.words import _

PROGRAM = Program(
    name="early_warning",
    title=_("Early warning"),
    answers=_("Where is harm from drugs rising, what is in demand, where is help needed most?"),
    goal="protect",
    package="convenio.programs.early_warning",
    methods="methods",
    commands="commands:app",
    pages="pages:router",
    sharing="sharing:SHARING",
    indicators="indicators:INDICATORS",
    demo="demo:show_alerts",
    sources=("cdc_vsrr",),
)
