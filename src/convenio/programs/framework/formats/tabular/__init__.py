"""XLSX and CSV: one worksheet for each kind of part, to fill in by hand or to write and read again without loss."""

from convenio.programs.framework.formats.tabular.reading import read
from convenio.programs.framework.formats.tabular.writing import write, write_template

__all__ = ["read", "write", "write_template"]
