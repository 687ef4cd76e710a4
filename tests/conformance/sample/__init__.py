"""A stranger's program: made of the same parts, coming in by the same door."""
