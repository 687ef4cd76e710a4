"""The command `convenio`.

Everything below a word of the command line is imported when that word is typed, so that help is quick and a part that
is missing or broken leaves the others as they are.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from typing import Annotated, Any, cast

import typer
import typer.main
from typer.core import TyperGroup

from convenio.cli.groups import GROUPS, PROGRAMS, Later, loaded, present
from convenio.cli.spoken import speak_panels, spoken
from convenio.cli.usage import UsageProblem, usage_error
from convenio.core.errors import ConvenioError
from convenio.core.program import Program, discover
from convenio.core.words import LANGUAGES, Language, Message, _, language, speaking


class Root(TyperGroup):
    """The words of the command line: the rooms' own, and every installed program."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's signature
        """Every word that is installed, in the order of the table, then the programs by name."""
        rooms = [name for name, group in GROUPS.items() if present(group)]
        return [*rooms, *(each.command for each in discover().values())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - Typer's signature
        """The command behind a word, not imported yet; None where there is none."""
        group = GROUPS.get(cmd_name)
        if group is not None:
            return (
                Later(cmd_name, group.about, group.panel, lambda: loaded(group.where, cmd_name))
                if present(group)
                else None
            )
        program = discover().get(cmd_name.replace("-", "_"))
        return (
            None if program is None else Later(program.command, program.answers, PROGRAMS, lambda: _of_program(program))
        )

    def main(  # type: ignore[override]
        self, args: Any = None, prog_name: str | None = None, **options: Any
    ) -> Any:
        """Run a command line; ends the process with the command's exit code, and never with a traceback."""
        chosen, rest = chosen_language(list(sys.argv[1:] if args is None else args))
        with speaking(chosen):
            speak_panels()
            options["standalone_mode"] = False
            try:
                result = super(Root, spoken(self)).main(args=rest, prog_name=prog_name or "convenio", **options)
            except Exception as error:  # noqa: BLE001 - the outermost edge
                sys.exit(told(error))
            except KeyboardInterrupt:
                say(_("stopped"))
                sys.exit(130)
        sys.exit(result if isinstance(result, int) else 0)


def _of_program(program: Program) -> Any:
    from convenio.cli.program import program_group

    return program_group(program)


def chosen_language(words: list[str]) -> tuple[Language, list[str]]:
    """The language of a command line, and its words without `--lang`.

    `--lang` comes first, then CONVENIO_LANG, then the locale (LC_ALL, LC_MESSAGES, LANG); English otherwise.
    """
    rest, told_by = [], ""
    waiting = iter(range(len(words)))
    for at in waiting:
        if words[at] == "--":
            rest.extend(words[at:])
            break
        if words[at] == "--lang" and at + 1 < len(words):
            told_by = words[at + 1]
            next(waiting)
        elif words[at].startswith("--lang="):
            told_by = words[at].partition("=")[2]
        else:
            rest.append(words[at])
    if told_by and told_by not in LANGUAGES:
        rest = ["--lang", told_by, *rest]
    places = (told_by, *(os.environ.get(each, "") for each in ("CONVENIO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")))
    named = next((each for each in places if each), "en")
    return ("es" if named.lower().startswith("es") else "en"), rest


def told(error: Exception) -> int:
    """Tell the user of an error on standard error; the exit code it ends with."""
    if isinstance(error, typer.Abort):
        say(_("stopped"))
        return 1
    if type(error).__name__ == "NoArgsIsHelpError":
        return 2
    if isinstance(error, UsageProblem):
        error = usage_error(error)
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if not isinstance(error, ConvenioError):
        error = unexpected(error)
    sys.stdout.flush()
    print(error.explain(language.get()), file=sys.stderr)  # noqa: T201 - this is where errors are shown
    return error.exit_code


def unexpected(error: Exception) -> ConvenioError:
    """An error nobody foresaw, as a short text; the trace goes to a file that only the user can read."""
    handle, name = tempfile.mkstemp(prefix="convenio-error-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as trace:
        trace.write("".join(traceback.format_exception(error)))
    short = ConvenioError(
        _("something went wrong inside Convenio: {kind}: {why}", kind=type(error).__name__, why=str(error)[:300]),
        advice=_("this is a fault of the program; the details are in {file}", file=name),
    )
    short.exit_code = 70
    return short


def say(message: Message) -> None:
    """One line on standard error."""
    print(f"convenio: {message}", file=sys.stderr)  # noqa: T201 - this is where they are shown


app = typer.Typer(
    cls=Root,
    add_completion=True,
    no_args_is_help=True,
    help=_("Two sovereign parties, one agreement: tools for joint work on plain files, and the node.").id,
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer's signature
    if wanted:
        from importlib.metadata import version

        typer.echo(f"convenio {version('convenio')}")
        raise typer.Exit


def _language(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise ConvenioError(_("there is no language {name}", name=value), advice=_("the languages are en and es"))
    return value


@app.callback()
def root(
    lang: Annotated[
        str | None, typer.Option("--lang", help=_("Language: en or es.").id, metavar="en|es", callback=_language)
    ] = None,
    version: Annotated[  # noqa: FBT002 - Typer's signature
        bool, typer.Option("--version", help=_("Show the version and exit.").id, callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What every command line may begin with."""
    del lang, version


def main() -> None:
    """Run the command line of this process."""
    cast("Root", typer.main.get_command(app)).main()
