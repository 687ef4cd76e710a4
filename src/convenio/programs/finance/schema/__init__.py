"""The record types of the program: entries of lists, customers, hits."""

from convenio.programs.finance.schema.entry import (
    Address,
    BirthDate,
    Identifier,
    Kind,
    ListedName,
    ListEntry,
    Precision,
)
from convenio.programs.finance.schema.tables import Customer, HitDecision, Listed, ScreeningHit, ThresholdLoad

__all__ = [
    "Address",
    "BirthDate",
    "Customer",
    "HitDecision",
    "Identifier",
    "Kind",
    "ListEntry",
    "Listed",
    "ListedName",
    "Precision",
    "ScreeningHit",
    "ThresholdLoad",
]
