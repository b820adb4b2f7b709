"""Console commands; every import is lazy, so that help and the screen start fast."""
