"""One reader a format: bytes to numbered lines."""
