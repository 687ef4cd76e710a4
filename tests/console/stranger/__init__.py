"""A program from outside, as an agency of its own would write it."""
