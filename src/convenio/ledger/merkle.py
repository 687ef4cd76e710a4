"""Merkle trees as RFC 6962 has them: hashes, roots, and the two proofs a stranger can check.

Verification follows RFC 9162 (sections 2.1.3.2 and 2.1.4.2), and for subtrees
draft-ietf-plants-merkle-tree-certs (section 4); every function here is pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from convenio.core.errors import InputError
from convenio.core.words import Message, _

EMPTY_ROOT = sha256(b"").digest()
HASH_SIZE = 32
MAX_SIZE = (1 << 63) - 1


class ProofError(InputError):
    """A proof that does not show what it is meant to show."""

    status = 422

    def __init__(self, what: Message, *, advice: Message | None = None) -> None:
        super().__init__(what, advice=advice)


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and the entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 and its two children."""
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """`leaf_hash` of each entry."""
    hasher = sha256
    return [hasher(b"\x00" + entry).digest() for entry in entries]


def level_up(hashes: Sequence[bytes]) -> list[bytes]:
    """The parents of an even number of sibling hashes."""
    hasher = sha256
    pairs = iter(hashes)
    return [hasher(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]


def fold(hashes: Sequence[bytes]) -> bytes:
    """The tree hash over leaf hashes (or over the hashes of complete subtrees of one height).

    Args:
        hashes: 32 bytes each, in order; none gives the root of the empty tree.
    """
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        odd = [level.pop()] if len(level) % 2 else []
        level = level_up(level) + odd
    return level[0]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree whose entries are `leaves`."""
    return fold(leaf_hashes(leaves))


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf with hash `leaf` stands at `index` in the tree of `size` leaves with this `root`.

    Args:
        index: from 0.
        size: number of leaves.
        leaf: the leaf's hash, not the entry.
        proof: sibling hashes, from the leaf up.
        root: the root's hash.

    Raises:
        ProofError: the proof does not show it.
    """
    _numbers(index, size)
    if index >= size:
        raise ProofError(_("entry {index} lies beyond a ledger of {size} entries", index=index, size=size))
    if len(leaf) != HASH_SIZE:
        raise ProofError(_("a leaf's hash has 32 bytes, this one has {count}", count=len(leaf)))
    _hashes(proof)
    fn, sn, found = index, size - 1, leaf
    for each in proof:
        if sn == 0:
            raise ProofError(_("the inclusion proof is too long"))
        if fn & 1 or fn == sn:
            found = node_hash(each, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, each)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError(_("the inclusion proof is too short"))
    if found != root:
        raise ProofError(_("the inclusion proof leads to another root: the entry is not in this ledger at this place"))


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of `size2` leaves only added to the tree of `size1` leaves.

    An empty first tree is consistent with all, so that a proof from it shows nothing and is refused.

    Raises:
        ProofError: the proof does not show it.
    """
    _numbers(size1, size2)
    if size1 == 0:
        raise ProofError(_("a proof from an empty ledger shows nothing"))
    verify_subtree_consistency(0, size1, size2, root1, root2, proof)


def verify_subtree_inclusion(
    index: int, start: int, end: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf stands at `index` in the subtree of leaves `start` to `end` (exclusive) with this root.

    Raises:
        ProofError: the proof does not show it, or there is no such subtree.
    """
    _subtree(start, end)
    if not start <= index < end:
        raise ProofError(
            _("entry {index} lies outside the subtree {start} to {end}", index=index, start=start, end=end)
        )
    verify_inclusion(index - start, end - start, leaf, proof, root)


def verify_subtree_consistency(
    start: int, end: int, size: int, subtree_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the subtree of leaves `start` to `end` (exclusive) is part of the tree of `size` leaves.

    Raises:
        ProofError: the proof does not show it, or there is no such subtree.
    """
    _numbers(start, end, size)
    if end > size or start > end:
        raise ProofError(_("a ledger of {size} entries has no part {start} to {end}", size=size, start=start, end=end))
    _hashes(proof)
    if start == end:
        if proof or subtree_root != EMPTY_ROOT:
            raise ProofError(_("an empty part has the empty root and needs no proof"))
        return
    _subtree(start, end)
    below, above = _climb(start, end, size, subtree_root, proof)
    if below != subtree_root or above != root:
        raise ProofError(_("the consistency proof leads to other roots: one ledger does not continue the other"))


def _climb(start: int, end: int, size: int, subtree_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Where a consistency proof leads: the subtree's root and the whole tree's root as it has them."""
    fn, sn, tn = start, end - 1, size - 1
    while fn != sn and (sn == tn or sn & 1):
        fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
    rest = iter(proof)
    first = subtree_root if fn == sn else next(rest, b"")
    if not first:
        raise ProofError(_("the consistency proof is too short"))
    below, above = first, first
    for each in rest:
        if tn == 0:
            raise ProofError(_("the consistency proof is too long"))
        if sn & 1 or sn == tn:
            if fn < sn:
                below = node_hash(each, below)
            above = node_hash(each, above)
            while not sn & 1 and sn:
                fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
        else:
            above = node_hash(above, each)
        fn, sn, tn = fn >> 1, sn >> 1, tn >> 1
    if tn:
        raise ProofError(_("the consistency proof is too short"))
    return below, above


def _numbers(*numbers: int) -> None:
    for each in numbers:
        if not 0 <= each <= MAX_SIZE:
            raise ProofError(_("{number} is no position in a ledger", number=each))


def _hashes(proof: Sequence[bytes]) -> None:
    for each in proof:
        if len(each) != HASH_SIZE:
            raise ProofError(_("a hash in a proof has 32 bytes, this one has {count}", count=len(each)))


def _subtree(start: int, end: int) -> None:
    """Refuse bounds that no subtree has: its start is a multiple of the power of two that its width needs."""
    _numbers(start, end)
    if start >= end or start % (1 << (end - start - 1).bit_length()):
        raise ProofError(_("{start} to {end} is no subtree", start=start, end=end))
