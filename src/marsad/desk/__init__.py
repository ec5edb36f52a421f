"""The desk: a record as a web observatory for a team."""
