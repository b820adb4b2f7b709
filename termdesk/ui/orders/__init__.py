"""Orders by keyboard: what is pure about them, and the hands that carry them out."""
