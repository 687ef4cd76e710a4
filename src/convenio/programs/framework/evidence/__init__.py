"""Evidence from operations: aggregates that programs offer, kept with their day and the query behind each."""

from convenio.programs.framework.evidence.doors import Doors
from convenio.programs.framework.evidence.served import Served, served
from convenio.programs.framework.evidence.stock import Evidence, Value

__all__ = ["Doors", "Evidence", "Served", "Value", "served"]
