"""What the secretariat keeps by a form: plans, risks, money, evaluations, audits, instruments, lessons and the rest."""

from convenio.programs.framework.keeping.forms import blank, form_of, part_from
from convenio.programs.framework.keeping.kinds import KEPT, Kept
from convenio.programs.framework.keeping.rows import ROWS, Row, row_form, with_row

__all__ = ["KEPT", "ROWS", "Kept", "Row", "blank", "form_of", "part_from", "row_form", "with_row"]
