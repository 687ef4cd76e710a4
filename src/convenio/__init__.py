"""Convenio: two sovereign nodes, one agreement."""

__version__ = "0.1.0"
