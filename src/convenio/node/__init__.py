"""Wiring: settings in, a node out."""
