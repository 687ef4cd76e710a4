"""IATI 2.03: the International Aid Transparency Initiative's activities, results and indicators.

A commitment is an activity, an action is an activity below it, an indicator is a result's indicator with its baseline,
targets and actuals. What IATI has no place for stands in elements of our own namespace; what another publisher's file
says beyond what is held here is kept and written again in its place.

Source: https://iatistandard.org/en/iati-standard/203/
"""

from convenio.programs.framework.formats.iati.reading import read
from convenio.programs.framework.formats.iati.writing import write

__all__ = ["read", "write"]
