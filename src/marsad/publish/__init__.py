"""Results become bytes: table, JSON Lines, page. The same claims always give the same bytes."""
