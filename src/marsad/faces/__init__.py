"""Ask in the reader's words and show the answer: the command line."""
