"""The maps of a node: those that come with it, and those that its administrator brought in."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

from convenio.core.errors import Conflict, InputError, NotFound
from convenio.core.words import _
from convenio.web.map import BUNDLED, Shape, Shapes, bundled_shapes
from convenio.web.outlines import read_outlines

NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
ENDING = ".shapes.json"


class Maps:
    """Maps by name.

    Args:
        folder: where those that were brought in lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """The maps that can be drawn here."""
        own = sorted(each.name.removesuffix(ENDING) for each in self._folder.glob(f"*{ENDING}"))
        return [*(each for each in BUNDLED if bundled_shapes(each) is not None), *own]

    def own(self) -> list[str]:
        """The maps that were brought in."""
        return [each for each in self.names() if each not in BUNDLED]

    def get(self, name: str) -> Shapes:
        """A map's outlines.

        Raises:
            NotFound: there is none of this name.
        """
        if name in BUNDLED:
            found = bundled_shapes(name)
            if found is not None:
                return found
        path = self._folder / f"{name}{ENDING}"
        if not NAME.fullmatch(name) or not path.is_file():
            raise NotFound(_("there is no such map here"), where=name[:40])
        held = json.loads(path.read_text(encoding="utf-8"))
        return Shapes(held["width"], held["height"], tuple(Shape(**each) for each in held["shapes"]), held["source"])

    def add(self, name: str, file: Path, *, key: str, label: str = "") -> Shapes:
        """Bring in a map.

        Args:
            name: what it is called here.
            file: GeoJSON or a zipped shapefile.
            key: the attribute with a place's code.
            label: the attribute with a place's name.

        Raises:
            InputError: the name or the file does not fit.
            Conflict: there is a map of this name.
        """
        if not NAME.fullmatch(name):
            raise InputError(_("a map's name has small letters, digits and hyphens"), where=name[:40])
        if name in self.names() or name in BUNDLED:
            raise Conflict(_("there is a map of this name"), where=name, kept=_("nothing was changed"))
        made = read_outlines(file, key=key, name=label)
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{name}.part"
        part.write_text(json.dumps(asdict(made), ensure_ascii=False), encoding="utf-8")
        part.replace(self._folder / f"{name}{ENDING}")
        return made

    def drop(self, name: str) -> None:
        """Take a map away that was brought in."""
        if name not in self.own():
            raise NotFound(_("there is no such map here"), where=name[:40])
        (self._folder / f"{name}{ENDING}").unlink()
