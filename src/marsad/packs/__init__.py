"""Data only: codebook, languages, theatres, sample."""
