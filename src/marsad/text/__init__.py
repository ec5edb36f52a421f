"""Script, not meaning: letters, tokens, phrases, word forms."""
