"""The border: keys, envelopes, blind matching, requests, releases, peers."""
