"""Which commitments are kept, by what evidence, in whose judgement."""
