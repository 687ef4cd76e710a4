"""A scorecard on disk: plain files in a folder, written whole or not at all, one writer at a time."""

from convenio.programs.framework.storage.folder import Folder
from convenio.programs.framework.storage.kinds import KINDS, Kind, kind_named, kind_of
from convenio.programs.framework.storage.places import Row, Where, spot
from convenio.programs.framework.storage.reading import fitted, read_commitments
from convenio.programs.framework.storage.tables import Table, Tables

__all__ = [
    "KINDS",
    "Folder",
    "Kind",
    "Row",
    "Table",
    "Tables",
    "Where",
    "fitted",
    "kind_named",
    "kind_of",
    "read_commitments",
    "spot",
]
