from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenio.ledger import merkle
from convenio.ledger.merkle import ProofError


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _behaves(case: dict, check) -> bool:
    try:
        check(case, [_bytes(each) for each in case["proof"] or []])
    except ProofError:
        return bool(case["wantErr"])
    return not case["wantErr"]


CHECKS = {
    "inclusion": lambda c, p: merkle.verify_inclusion(
        c["leafIdx"], c["treeSize"], _bytes(c["leafHash"]), p, _bytes(c["root"])
    ),
    "consistency": lambda c, p: merkle.verify_consistency(
        c["size1"], c["size2"], _bytes(c["root1"]), _bytes(c["root2"]), p
    ),
    "subtreeinclusion": lambda c, p: merkle.verify_subtree_inclusion(
        c["leafIdx"], c["start"], c["end"], _bytes(c["leafHash"]), p, _bytes(c["root"])
    ),
    "subtreeconsistency": lambda c, p: merkle.verify_subtree_consistency(
        c["start"], c["end"], c["size"], _bytes(c["root1"]), _bytes(c["root2"]), p
    ),
}


@pytest.mark.parametrize(
    ("kind", "number"), [("inclusion", 98), ("consistency", 98), ("subtreeinclusion", 204), ("subtreeconsistency", 118)]
)
def test_every_published_vector_behaves_as_it_says(data: Path, kind: str, number: int):
    files = sorted((data / "exchange" / "rfc6962" / kind).rglob("*.json"))
    wrong = [str(each) for each in files if not _behaves(json.loads(each.read_text()), CHECKS[kind])]
    assert wrong == []
    assert len(files) == number


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return merkle.leaf_hash(leaves[0])
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return merkle.node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def naive_subproof(m: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2, word for word."""
    n = len(leaves)
    if m == n:
        return [] if whole else [naive_root(leaves)]
    k = 1 << ((n - 1).bit_length() - 1)
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole=whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], whole=False), naive_root(leaves[:k])]


@given(st.integers(0, 70))
def test_the_root_is_rfc_6962s(size: int):
    leaves = [b"%d" % each for each in range(size)]
    assert merkle.root_of(leaves) == naive_root(leaves)


@given(st.integers(1, 40), st.data())
def test_a_right_consistency_proof_passes_and_any_other_history_fails(size: int, draw: st.DataObject):
    leaves = [b"%d" % each for each in range(size)]
    old = draw.draw(st.integers(1, size))
    proof = naive_subproof(old, leaves, whole=True)
    root1, root2 = naive_root(leaves[:old]), naive_root(leaves)
    merkle.verify_consistency(old, size, root1, root2, proof)
    changed = list(leaves[:old])
    changed[draw.draw(st.integers(0, old - 1))] = b"another"
    with pytest.raises(ProofError):
        merkle.verify_consistency(old, size, naive_root(changed), root2, proof)


@given(
    st.integers(-2, 1 << 65),
    st.integers(-2, 1 << 65),
    st.lists(st.binary(max_size=40), max_size=70),
    st.binary(max_size=40),
)
def test_nonsense_is_refused_with_a_proof_error_and_nothing_else(one: int, two: int, proof: list[bytes], root: bytes):
    for check in (
        lambda: merkle.verify_inclusion(one, two, root, proof, root),
        lambda: merkle.verify_consistency(one, two, root, b"x" * 32, proof),
        lambda: merkle.verify_subtree_inclusion(one, one, two, root, proof, b"x" * 32),
        lambda: merkle.verify_subtree_consistency(one, two, two, root, b"x" * 32, proof),
    ):
        with suppress(ProofError):
            check()
