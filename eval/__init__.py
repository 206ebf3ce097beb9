"""Gold questions, metrics, runs and their comparison: every claim about quality is a number that a command prints."""
