"""A proof in one file (C2SP tlog-proof): a stranger checks it offline, with the ledger's and the witness's public keys.

The entry itself goes along as the proof's extra data, so that the file shows what stands in the ledger and not a hash
alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from convenio.core.canonical import b64, unb64
from convenio.core.errors import InputError, NotFound
from convenio.core.words import _
from convenio.ledger.checkpoint import SignedCheckpoint, open_checkpoint
from convenio.ledger.cosigned import open_cosigned
from convenio.ledger.merkle import leaf_hash, verify_inclusion
from convenio.ledger.note import CosignatureVerifier, parse_vkeys
from convenio.ledger.tree import LONGEST_PROOF, Tree

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LONGEST = 512 * 1024


@dataclass(frozen=True)
class Proof:
    """A proof that has been read, not yet checked."""

    index: int
    entry: bytes
    hashes: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """The proof's file."""
        hashes = "".join(f"{b64(each)}\n" for each in self.hashes)
        return f"{FIRST_LINE}\nextra {b64(self.entry)}\nindex {self.index}\n{hashes}\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read a proof's file.

        Raises:
            InputError: it is none, or one without its entry.
        """
        wrong = InputError(
            _("this is no proof with its entry"),
            advice=_("convenio ledger prove writes a file that begins: {line}", line=FIRST_LINE),
        )
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if len(text) > LONGEST or not blank or lines[0] != FIRST_LINE or not 3 <= len(lines) <= LONGEST_PROOF + 3:
            raise wrong
        extra, index = lines[1].removeprefix("extra "), lines[2].removeprefix("index ")
        right = lines[1].startswith("extra ") and lines[2].startswith("index ")
        if not right or not (index.isascii() and index.isdigit()) or len(index) > 19:
            raise wrong
        return cls(int(index), unb64(extra), tuple(unb64(each) for each in lines[3:]), note)

    def check(self, vkey: str, witness_vkey: str | None = None) -> SignedCheckpoint:
        """Check that the entry stands in the ledger of this key; the checkpoint that shows it.

        Args:
            vkey: the ledger's verifier key; one a line where it was rotated.
            witness_vkey: the witness's; its cosignature is asked for where one is given.

        Raises:
            InputError: the proof does not show it.
        """
        logs = parse_vkeys(vkey)
        if witness_vkey is None:
            head = open_checkpoint(self.note, logs, origin=logs[-1].name)
        else:
            witnesses = [CosignatureVerifier.parse(line) for line in witness_vkey.split()]
            head = open_cosigned(self.note, logs, witnesses)
        verify_inclusion(self.index, head.size, leaf_hash(self.entry), self.hashes, head.root)
        return head


def prove(tree: Tree, head: SignedCheckpoint, index: int) -> Proof:
    """The proof that an entry stands in a ledger, under one of its checkpoints.

    Raises:
        NotFound: the checkpoint does not cover such an entry.
    """
    if not 0 <= index < head.size:
        raise NotFound(_("there is no entry {index} under a checkpoint of {size} entries", index=index, size=head.size))
    return Proof(index, tree.entry(index), tuple(tree.inclusion_proof(index, head.size)), head.note)
