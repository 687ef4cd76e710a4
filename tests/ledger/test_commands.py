from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from convenio.core.canonical import canonical
from convenio.ledger.cosigned import ask_for_cosignature, name_witness
from convenio.ledger.note import Cosigner, NoteSigner
from convenio.ledger.witness import Witness
from tests.ledger.conftest import KEY, ORIGIN

PEER = Cosigner("mx/witness", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


def entry(number: int) -> bytes:
    at = "2026-01-01T00:00:00+00:00"
    return canonical({"v": 1, "intent": number, "kind": "asked", "at": at, "actor": "ana", "subject": f"run-{number}"}
                     | {"commitment": "00", "body": {"keys": 4}})  # fmt: skip


@pytest.fixture
def home(opened, tmp_path) -> Path:
    """A node's folder with an internal ledger and a border ledger that is cosigned but for its last entry."""
    internal = opened("home/ledger/internal", origin="us/internal")
    internal.append([entry(number) for number in range(3)])
    border = opened("home/ledger/border-mx")
    name_witness(border.folder, PEER.verifier)
    border.append([entry(number) for number in range(300)])
    witness = Witness(tmp_path / "witness", PEER, [NoteSigner(ORIGIN, KEY).verifier])
    ask_for_cosignature(border, witness.add_checkpoint)
    border.append([entry(300)])
    internal.close()
    border.close()
    (tmp_path / "seen").write_text(witness.latest(ORIGIN).note)
    return tmp_path / "home"


def test_verify_names_every_ledger_and_ends_well(convenio, home):
    code, out, _err = convenio("ledger", "verify", home)
    assert code == 0
    assert "border-mx: holds, 301 entries, 300 cosigned, 1 not yet" in out
    assert "internal: holds, 3 entries" in out


def test_verify_of_a_damaged_ledger_fails_and_names_the_entry_in_spanish_too(convenio, home, tmp_path):
    path = home / "ledger/border-mx/tile/entries/000"
    path.write_bytes(path.read_bytes().replace(b"run-17", b"run-71"))
    code, out, _err = convenio("--lang", "es", "ledger", "verify", home, "--json", tmp_path / "out" / "r.json")
    assert code == 1
    assert "NO está íntegra" in out
    reports = {each["ledger"]: each for each in json.loads((tmp_path / "out" / "r.json").read_text())}
    assert reports["border-mx"]["first_bad"] == 17
    assert reports["border-mx"]["holds_until"] == 17
    assert reports["internal"]["holds"]


def test_verify_against_what_the_witness_keeps(convenio, home, tmp_path, opened):
    code, *_rest = convenio("ledger", "verify", home, "--log", "border-mx", "--seen", tmp_path / "seen")
    assert code == 0
    rolled_back = opened("rolled")
    rolled_back.append([entry(0)])
    rolled_back.close()
    name_witness(rolled_back.folder, PEER.verifier)
    code, out, _err = convenio("ledger", "verify", rolled_back.folder, "--seen", tmp_path / "seen")
    assert code == 1
    assert "has seen 300 entries, and here are 1" in out


def test_tail_shows_the_newest_in_words(convenio, home):
    code, out, _err = convenio("ledger", "tail", home, "-n", "2", "--json", "-")
    rows = json.loads(out)
    assert code == 0
    assert [row["index"] for row in rows if row["ledger"] == "border-mx"] == [299, 300]
    assert [row["witnessed"] for row in rows] == [True, False, None, None]
    assert rows[0]["words"]["en"] == "blind match asked"
    assert rows[0]["words"]["es"] == "cotejo ciego preguntado"
    assert convenio("ledger", "tail", home, "--log", "internal")[0] == 0


def test_a_proof_convinces_a_stranger_and_no_changed_one_does(convenio, home, tmp_path):
    proof = tmp_path / "out" / "17.tlog-proof"
    vkeys = ["--vkey", home / "ledger/border-mx/log.vkey", "--witness-vkey", PEER.verifier.vkey()]
    assert convenio("ledger", "prove", home, "--log", "border-mx", "--index", 17, "--out", proof)[0] == 0
    code, out, _err = convenio("ledger", "check-proof", proof, *vkeys)
    assert code == 0
    assert "run-17" in out
    text = proof.read_text()
    proof.write_text(text.replace("index 17", "index 18"))
    code, _out, err = convenio("ledger", "check-proof", proof, *vkeys)
    assert code == 2
    assert "another root" in err
    proof.write_text(text.replace("extra ", "extra AAAA"))
    assert convenio("ledger", "check-proof", proof, *vkeys)[0] == 2
    proof.write_text("what is this\n")
    assert convenio("ledger", "check-proof", proof, *vkeys)[0] == 2


def test_the_last_entry_is_proved_though_not_yet_cosigned_and_said_to_be_so(convenio, home, tmp_path):
    proof = tmp_path / "300.tlog-proof"
    assert convenio("ledger", "prove", home, "--log", "border-mx", "--index", 300, "--out", proof)[0] == 0
    own = ["--vkey", home / "ledger/border-mx/log.vkey"]
    assert convenio("ledger", "check-proof", proof, *own)[0] == 0
    code, _out, err = convenio("ledger", "check-proof", proof, *own, "--witness-vkey", PEER.verifier.vkey())
    assert code == 2
    assert "both the ledger and its witness" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify", "{home}/none"], "no ledger here"),
        (["verify", "{home}", "--log", "border-ca"], "no ledger border-ca"),
        (["prove", "{home}", "--index", "0"], "several ledgers"),
        (["prove", "{home}", "--index", "9", "--log", "internal"], "no entry 9"),
        (["check-proof", "{home}/none", "--vkey", "a+b+c"], "cannot be read"),
    ],
)
def test_what_does_not_fit_is_said_with_advice(convenio, home, words, said):
    code, _out, err = convenio("ledger", *[each.format(home=home) for each in words])
    assert code == 2
    assert said in err
