"""Names that an encoding has broken are read as what stood there; names that are whole stay as they are."""

from __future__ import annotations

import pytest

from convenio.entities.names import compare_names
from convenio.entities.names.broken import whole
from convenio.entities.names.letters import plain
from convenio.entities.names.words import alike


@pytest.mark.parametrize("name", ["José Núñez Peña", "ÁNGEL ÍÑIGUEZ GARCÍA", "Dvořák Müller", "Zoë Ÿþ"])
def test_utf_8_that_was_read_as_latin_1_is_read_again(name):
    broken = name.encode().decode("latin-1")
    assert broken != name
    assert whole(broken) == name


@pytest.mark.parametrize("name", ["José Núñez Peña", "PEÑA É", "Dvořák €"])
def test_utf_8_that_was_read_as_windows_1252_is_read_again(name):
    broken = "".join(bytes([each]).decode("cp1252", "replace") for each in name.encode())
    assert plain(broken.replace("\ufffd", "")) == plain(name)


def test_what_was_broken_twice_is_mended_twice():
    assert whole("PÃ©rez".encode().decode("latin-1")) == "Pérez"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("P&eacute;rez Nu&ntilde;ez", "PEREZ NUNEZ"),
        ("P&#233;rez", "PEREZ"),
        ("Garc?a", "GARCA"),
        ("Garc\ufffda", "GARCA"),
        ("Ã‘oño", "NONO"),
    ],
)
def test_references_and_lost_letters(text, read):
    assert plain(text) == read


@pytest.mark.parametrize(
    "text", ["François", "ÂNGELO", "Åse Þór", "AT&T Inc", "Müller & Søn", "Пётр", "İĞÇ", "Ñ", "Ü?"]
)
def test_what_is_whole_stays(text):
    assert whole(text).rstrip("?") == text.rstrip("?")


@pytest.mark.parametrize(
    "broken", ["JosÃ© PÃ©rez GarcÃ\u00ada", "Jos&eacute; P&eacute;rez Garc&iacute;a", "Jos? P?rez Garc?a"]
)
def test_a_broken_name_is_the_same_name(broken):
    assert compare_names(broken, "PEREZ GARCIA, Jose") >= 0.70
    assert compare_names(broken, "PEREZ GARCIA, Luis") < 0.70


def test_a_kh_may_be_a_spanish_jota():
    assert compare_names("Хорхе Хименес Мехия", "JIMENEZ MEJIA, Jorge") >= 0.70
    assert alike("KHALID", "JALID").how == "sound"
    assert alike("KHALID", "CARLOS").value == 0.0
