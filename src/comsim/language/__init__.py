"""Phrases, numbers and dates in the reader's language; imports nothing of comsim."""
