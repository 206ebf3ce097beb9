"""What plans set themselves to reach: printed values read as numbers, and one indicator found in several plans."""
