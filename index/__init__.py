"""Clauses → a searchable index. Knows vectors and words; knows nothing of the layout of plans."""
