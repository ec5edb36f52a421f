"""Packs read from disk and checked, as objects."""
