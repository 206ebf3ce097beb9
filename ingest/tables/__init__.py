"""Tables of a plan: from cells, real or flattened one to a line, to rows with named cells."""
