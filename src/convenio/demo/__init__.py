"""The story of two nodes."""
