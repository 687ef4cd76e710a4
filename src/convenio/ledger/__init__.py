"""The memory neither side can rewrite."""
