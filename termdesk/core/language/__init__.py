"""Text to commands and back. The only parser of what a person types."""
