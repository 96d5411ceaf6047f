"""Plausible worlds."""
