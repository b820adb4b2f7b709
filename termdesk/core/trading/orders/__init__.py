"""Orders: placing, following each other, waiting, releasing; one machine for quantities and status."""
