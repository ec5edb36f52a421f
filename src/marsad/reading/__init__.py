"""What a report says: words, mentions, events and their parts."""
