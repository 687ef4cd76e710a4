"""A program whose method takes what a peer released."""
