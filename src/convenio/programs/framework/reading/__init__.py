"""What a scorecard shows: pages, the public site and reports read it here, at one level of publication, on one day."""

from convenio.programs.framework.reading.held import Held
from convenio.programs.framework.reading.overview import GOALS, GoalLine, Overview
from convenio.programs.framework.reading.reading import Reading
from convenio.programs.framework.reading.serving import Serving, serving
from convenio.programs.framework.reading.sheet import Measured, Sheet, is_late

__all__ = ["GOALS", "GoalLine", "Held", "Measured", "Overview", "Reading", "Serving", "Sheet", "is_late", "serving"]
