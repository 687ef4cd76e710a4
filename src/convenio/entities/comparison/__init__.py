"""How strongly two descriptions speak for one person: likelihood ratios, field by field, no fact counted twice.

A weight is a base-10 logarithm of a likelihood ratio (a *ban*): +2 says that what is seen is a hundred times likelier
if the two are one person than if they are two; -1 the reverse, ten times. Weights of different facts add.
"""

from convenio.entities.comparison.birth_date import birth_date
from convenio.entities.comparison.evidence import Evidence, total
from convenio.entities.comparison.identifier import curp, number, rfc
from convenio.entities.comparison.name import Rarity, name
from convenio.entities.comparison.place import birth_state, sex, state_code

__all__ = [
    "Evidence",
    "Rarity",
    "birth_date",
    "birth_state",
    "curp",
    "name",
    "number",
    "rfc",
    "sex",
    "state_code",
    "total",
]
