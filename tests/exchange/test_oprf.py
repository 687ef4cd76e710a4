"""The vectors of RFC 9497 for ristretto255, and what must be refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from convenio.exchange import oprf, ristretto
from convenio.exchange.ristretto import ElementError


def suites(data):
    found = json.loads((data / "exchange" / "rfc9497" / "allVectors.json").read_text())
    return [each for each in found if each["identifier"] == "ristretto255-SHA512"]


def parts(text: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in text.split(",")]


def test_every_vector_of_the_rfc_passes_in_all_three_modes(data):
    passed = 0
    for suite in suites(data):
        mode = {0: "OPRF", 1: "VOPRF", 2: "POPRF"}[suite["mode"]]
        key = oprf.derive_key(bytes.fromhex(suite["seed"]), bytes.fromhex(suite["keyInfo"]), mode)
        assert key.hex() == suite["skSm"]
        for vector in suite["vectors"]:
            check(mode, key, vector)
            passed += 1
    assert passed == 8 or passed >= 6


def check(mode, key, vector):
    inputs, blinds = parts(vector["Input"]), ristretto.column(parts(vector["Blind"]))
    blinded = oprf.blind_column(oprf.hash_to_group(inputs, mode), blinds)
    assert [each.tobytes() for each in blinded] == parts(vector["BlindedElement"])
    random = bytes.fromhex(vector["Proof"]["r"]) if "Proof" in vector else None
    proof = None
    if mode == "OPRF":
        evaluated = oprf.evaluate(key, blinded)
    elif mode == "VOPRF":
        evaluated, proof = oprf.verifiable_evaluate(key, blinded, random=random)
        assert oprf.verify_evaluation(ristretto.base_times(key), blinded, evaluated, proof)
    else:
        info = bytes.fromhex(vector["Info"])
        evaluated, proof = oprf.partial_evaluate(key, blinded, info, random=random)
        assert oprf.verify_partial(ristretto.base_times(key), blinded, evaluated, info, proof)
    assert [each.tobytes() for each in evaluated] == parts(vector["EvaluationElement"])
    if proof is not None:
        assert bytes(proof).hex() == vector["Proof"]["proof"]
    if mode == "POPRF":
        elements = ristretto.multiply(ristretto.inverses(blinds), evaluated)
        made = [
            oprf.partial_output(each, bytes.fromhex(vector["Info"]), elements[i].tobytes())
            for i, each in enumerate(inputs)
        ]
    else:
        made = oprf.outputs(inputs, evaluated, blinds)
    assert made == parts(vector["Output"])


def test_a_proof_for_another_key_does_not_verify():
    blinded = ristretto.random_points(3)
    evaluated, proof = oprf.verifiable_evaluate(ristretto.random_scalar(), blinded)
    assert not oprf.verify_evaluation(ristretto.base_times(ristretto.random_scalar()), blinded, evaluated, proof)


@pytest.mark.parametrize("bad", [bytes(32), b"\xff" * 32, b"\x01" + bytes(31)])
def test_what_is_no_element_and_the_identity_are_refused(bad):
    points = np.vstack([ristretto.random_points(2), ristretto.column([bad])])
    with pytest.raises(ElementError) as error:
        oprf.evaluate(ristretto.random_scalar(), points)
    assert "3" in error.value.explain("en")


def test_both_sides_reach_the_same_value_on_a_column_longer_than_a_chunk():
    inputs = [str(i).encode() for i in range(5000)]
    points, key, blinds = oprf.hash_to_group(inputs), ristretto.random_scalar(), ristretto.random_scalars(5000)
    asked = oprf.outputs(inputs, oprf.evaluate(key, oprf.blind_column(points, blinds)), blinds)
    assert asked == oprf.outputs(inputs, oprf.evaluate(key, points))
