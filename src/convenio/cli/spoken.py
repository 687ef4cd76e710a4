"""Help in the reader's language.

Typer takes its texts as plain strings when a command is declared, long before anybody asks for help. So commands are
declared with their English texts (`help=_("…").id`), and what is shown is looked up here, in the catalogues that every
other text comes from.
"""

from __future__ import annotations

from typing import TypeVar

from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from convenio.core.words import Message, _, language, translations

Command = TypeVar("Command", bound="TyperCommand | TyperGroup")

PANELS: dict[str, Message] = {
    "DEPRECATED_STRING": _("(deprecated) "),
    "DEFAULT_STRING": _("[default: {}]"),
    "ENVVAR_STRING": _("[env var: {}]"),
    "REQUIRED_LONG_STRING": _("[required]"),
    "ARGUMENTS_PANEL_TITLE": _("Arguments"),
    "OPTIONS_PANEL_TITLE": _("Options"),
    "COMMANDS_PANEL_TITLE": _("Commands"),
}
COMPLETION = (
    _("Install completion for the current shell."),
    _("Show completion for the current shell, to copy it or customize the installation."),
)
HELP = _("Show this message and exit.")
USAGE = _("Usage:")
OPTIONS = _("[OPTIONS]")
COMMANDS = _("COMMAND [ARGS]...")


def speak_panels() -> None:
    """Put the headings of help pages into the language of the context."""
    for name, text in PANELS.items():
        setattr(rich_utils, name, str(text))


def looked_up(text: str | None) -> str | None:
    """`text` in the language of the context, where a catalogue knows it."""
    return translations(language.get()).gettext(text) if text else text


def spoken(command: Command) -> Command:
    """`command`, and all below it, with its texts in the language of the context."""
    if language.get() == "en":
        return command
    command.help = looked_up(command.help)
    command.short_help = looked_up(command.short_help)
    command.epilog = looked_up(command.epilog)
    command.options_metavar = looked_up(command.options_metavar)
    command.rich_help_panel = looked_up(command.rich_help_panel)
    for parameter in command.params:
        if hasattr(parameter, "help"):
            parameter.help = looked_up(parameter.help)
        if hasattr(parameter, "rich_help_panel"):
            parameter.rich_help_panel = looked_up(parameter.rich_help_panel)
    _speak_usage(command)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = str(COMMANDS)
        for below in command.commands.values():
            if isinstance(below, (TyperCommand, TyperGroup)):
                spoken(below)
    return command


def _speak_usage(command: TyperCommand | TyperGroup) -> None:
    plain_usage, plain_option = command.get_usage, command.get_help_option

    def get_usage(ctx: object) -> str:
        return plain_usage(ctx).replace("Usage:", str(USAGE), 1)  # type: ignore[arg-type]

    def get_help_option(ctx: object) -> object:
        option = plain_option(ctx)  # type: ignore[arg-type]
        if option is not None:
            option.help = str(HELP)
        return option

    command.get_usage = get_usage  # type: ignore[method-assign]
    command.get_help_option = get_help_option  # type: ignore[method-assign,assignment]
