"""Who is designated, and who on a list of customers is meant."""

from pathlib import Path

from convenio.core.words import add_catalogue

add_catalogue(Path(__file__).parent / "locale")
