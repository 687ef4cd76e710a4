"""A node's settings: one small file, `node.toml`, in the node's own folder."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from convenio.core.errors import InputError
from convenio.core.unfit import why
from convenio.core.words import Language, _

FILE = "node.toml"
Port = Annotated[int, Field(ge=1, le=65_535)]


class Settings(BaseSettings):
    """What a node needs to know before it starts.

    Values come from `node.toml`; an environment variable `CONVENIO_<NAME>` goes before it.

    Args:
        home: the node's own folder.
        party: the party it is of, as agreements name it.
        name: what people call it, in its own language.
        language: the language it speaks unless a person chose another.
        host: the address it listens at.
        port: the port of its pages and API.
        exchange_port: the port that peers' nodes call.
        database: an SQLAlchemy address; the embedded database where it is empty.
        witness_seconds: how long an entry may stand without the peer's cosignature before an alarm.
    """

    model_config = SettingsConfigDict(env_prefix="CONVENIO_", extra="forbid")

    home: Path
    party: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    name: str = Field(min_length=1, max_length=200)
    language: Language = "en"
    host: str = "127.0.0.1"
    port: Port = 8701
    exchange_port: Port = 8702
    database: str = ""
    witness_seconds: int = Field(default=60, ge=1)

    @property
    def url(self) -> str:
        """The database's address."""
        return self.database or f"sqlite:///{self.home / 'node.db'}"

    @property
    def address(self) -> str:
        """Where its pages are; by name on this machine, since browsers sign decisions for names only."""
        return f"http://{'localhost' if self.host == '127.0.0.1' else self.host}:{self.port}"

    @property
    def exchange_address(self) -> str:
        """Where peers reach it."""
        return f"https://{self.host}:{self.exchange_port}"

    def write(self) -> None:
        """Write `node.toml`."""
        told = self.model_dump(mode="json", exclude={"home"})
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()]
        (self.home / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def settings_from(**told: Any) -> Settings:
    """Settings from values.

    Raises:
        InputError: a value does not fit; the error names it.
    """
    try:
        return Settings(**told)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            _("{field} does not fit: {why}", field=".".join(map(str, first["loc"])), why=why(first)),
            kept=_("nothing was changed"),
        ) from error


def read_settings(home: Path) -> Settings:
    """The settings of the node in a folder.

    Raises:
        InputError: there is no node, or its file does not fit; the error names the line.
    """
    path = home / FILE
    if not path.exists():
        raise InputError(
            _("there is no node in this folder"),
            where=str(home),
            advice=_("make one with: convenio node init {home} --party us", home=str(home)),
        )
    try:
        told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return Settings(home=home, **told)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(_("this file cannot be read: {why}", why=str(error)), where=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            _("{field} does not fit: {why}", field=".".join(map(str, first["loc"])), why=why(first)), where=str(path)
        ) from error
