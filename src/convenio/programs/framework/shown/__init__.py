"""A scorecard as tables and figures: what the console's pages, the public site and reports have in common."""

from convenio.programs.framework.shown.codes import Codes
from convenio.programs.framework.shown.figures import figure_of
from convenio.programs.framework.shown.links import ConsoleLinks, Links, ReportLinks, SiteLinks
from convenio.programs.framework.shown.lists import Lists
from convenio.programs.framework.shown.places import BODIES, LISTS, tables_of
from convenio.programs.framework.shown.words import said_once, words_of

__all__ = [
    "BODIES",
    "LISTS",
    "Codes",
    "ConsoleLinks",
    "Links",
    "Lists",
    "ReportLinks",
    "SiteLinks",
    "figure_of",
    "said_once",
    "tables_of",
    "words_of",
]
