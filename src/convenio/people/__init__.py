"""Accounts, agencies, roles and credentials."""
