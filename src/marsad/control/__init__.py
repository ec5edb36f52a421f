"""Who holds what, as of any day: a pure function of claims, with no storage, no language and no drawing."""
