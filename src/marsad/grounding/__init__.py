"""Which places and theatres the names of a report mean."""
