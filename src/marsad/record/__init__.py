"""Keeps what was taken in, read, fused and decided; nothing is overwritten, everything can be asked as known on a day.

Knows neither Arabic nor war: it is handed reports, claims and how alike two of them are.
"""
