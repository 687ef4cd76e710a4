"""Agreements, national law and duties: decide, receipt, obligations."""
