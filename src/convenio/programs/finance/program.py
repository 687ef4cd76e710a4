"""What others see of the program."""

from convenio.core.program import Program
from convenio.core.words import _

PROGRAM = Program(
    name="finance",
    title=_("Finance"),
    answers=_("Who is designated, who stands behind whom, which money moves strangely?"),
    goal="pursue",
    package="convenio.programs.finance",
    methods="methods",
    commands="commands:app",
    pages="pages:router",
    sharing="sharing:SHARING",
    indicators="indicators:INDICATORS",
    demo="demo:screen_nominees",
    sources=("ofac_sdn", "ofac_consolidated", "un_sc", "sat_69b"),
)
