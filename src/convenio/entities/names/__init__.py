"""Names as people bear, write and misspell them: taken apart, compared, and shown why.

>>> from convenio.entities.names import compare_names
>>> compare_names("Ma. Guadalupe Hdez. López", "HERNANDEZ LOPEZ, Maria Guadalupe") >= 0.70
True
"""

from convenio.entities.names.compare import MATCH, Comparison, compare_names, compare_persons
from convenio.entities.names.person import PersonName, person, person_of

__all__ = ["MATCH", "Comparison", "PersonName", "compare_names", "compare_persons", "person", "person_of"]
