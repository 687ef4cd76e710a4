"""Whose remains these are, and whose family is waiting."""
