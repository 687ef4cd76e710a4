"""The only door to person-level rows."""
