"""One file per claim: ours and a peer's, same work, one run."""
