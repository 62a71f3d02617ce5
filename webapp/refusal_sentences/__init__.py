"""How each no reads: a table for every subject. `webapp.refusals` is their one door."""
