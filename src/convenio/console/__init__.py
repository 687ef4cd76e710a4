"""Assembles the pages."""
