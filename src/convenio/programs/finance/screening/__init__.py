"""Screening customers against lists: an index, a comparison that stops early, evidence that can be read aloud."""
