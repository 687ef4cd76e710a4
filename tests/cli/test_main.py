import subprocess
import sys

import pytest

from convenio.cli import groups
from convenio.cli.main import chosen_language, main
from convenio.core.errors import Refused
from convenio.core.words import _


def convenio(monkeypatch, *words):
    """Run a command line in this process; the exit code."""
    monkeypatch.setattr(sys, "argv", ["convenio", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize(
    ("words", "environment", "language", "rest"),
    [
        (["--lang", "es", "check", "a.csv"], {}, "es", ["check", "a.csv"]),
        (["check", "a.csv", "--lang=es"], {}, "es", ["check", "a.csv"]),
        (["check"], {"CONVENIO_LANG": "es"}, "es", ["check"]),
        (["check"], {"LANG": "es_MX.UTF-8"}, "es", ["check"]),
        (["check"], {"LC_ALL": "en_US.UTF-8", "LANG": "es_MX"}, "en", ["check"]),
        (["--lang", "en", "check"], {"CONVENIO_LANG": "es"}, "en", ["check"]),
        (["check", "--", "--lang", "es"], {}, "en", ["check", "--", "--lang", "es"]),
    ],
)
def test_the_language_is_told_by_option_then_setting_then_locale(monkeypatch, words, environment, language, rest):
    for name in ("CONVENIO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert chosen_language(words) == (language, rest)


def test_help_names_programs_in_both_languages(monkeypatch, capsys):
    assert convenio(monkeypatch, "--help") == 0
    english = capsys.readouterr().out
    assert "early-warning" in english
    assert "Usage:" in english
    assert convenio(monkeypatch, "--lang", "es", "--help") == 0
    spanish = capsys.readouterr().out
    assert "early-warning" in spanish
    assert "Uso:" in spanish
    assert "Enumerar los programas" in spanish
    assert convenio(monkeypatch, "--help") == 0
    assert capsys.readouterr().out == english


def test_a_group_whose_module_is_absent_is_not_shown(monkeypatch, capsys):
    gone = groups.Group("convenio.cli.no_such_module:app", _("Show the version and exit."), groups.FILES)
    monkeypatch.setitem(groups.GROUPS, "gone", gone)
    assert convenio(monkeypatch, "--help") == 0
    assert "gone" not in capsys.readouterr().out
    assert convenio(monkeypatch, "gone") == 2
    assert "there is no command gone" in capsys.readouterr().err


def test_a_mistyped_command_says_so_in_the_readers_language(monkeypatch, capsys):
    assert convenio(monkeypatch, "--lang", "es", "nada") == 2
    told = capsys.readouterr().err
    assert told.startswith("convenio: no existe la orden nada\n")
    assert "convenio --help" in told


def test_an_unknown_language_is_refused(monkeypatch, capsys):
    assert convenio(monkeypatch, "--lang", "fr", "programs") == 2
    assert "there is no language fr" in capsys.readouterr().err


def test_an_error_is_explained_with_its_exit_code_and_no_traceback(monkeypatch, capsys):
    def refuse():
        raise Refused(_("there is no language {name}", name="x"), where="here")

    monkeypatch.setitem(
        groups.GROUPS, "programs", groups.Group("convenio.cli.programs:refuse", _("goal"), groups.FILES)
    )
    monkeypatch.setattr("convenio.cli.programs.refuse", refuse, raising=False)
    assert convenio(monkeypatch, "programs") == Refused.exit_code
    told = capsys.readouterr().err
    assert told == "convenio: here: there is no language x\n"


def test_an_unexpected_error_is_short_and_its_trace_is_in_a_file(monkeypatch, capsys, tmp_path):
    def break_down():
        raise KeyError("lost")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setitem(
        groups.GROUPS, "programs", groups.Group("convenio.cli.programs:broken", _("goal"), groups.FILES)
    )
    monkeypatch.setattr("convenio.cli.programs.broken", break_down, raising=False)
    assert convenio(monkeypatch, "programs") == 70
    told = capsys.readouterr().err
    assert "Traceback" not in told
    (trace,) = tmp_path.glob("convenio-error-*.txt")
    assert str(trace) in told
    assert "break_down" in trace.read_text()
    assert trace.stat().st_mode & 0o077 == 0


def test_help_imports_no_table_library():
    code = "import sys; from convenio.cli.main import app, main; sys.argv = ['convenio', '--help']\ntry: main()\nexcept SystemExit: pass\nprint(sorted({'pyarrow', 'numpy', 'duckdb', 'fastapi', 'sqlalchemy', 'openpyxl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told(monkeypatch, capsys):
    assert convenio(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.startswith("convenio 0.")
