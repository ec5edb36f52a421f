"""The routes of the desk, a module a room; each is named in the table of rights."""
