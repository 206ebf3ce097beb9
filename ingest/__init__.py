"""Read a provincial plan into a `Document` and its `Clause`s. Knows formats and plan structure, nothing of search."""
