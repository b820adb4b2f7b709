"""What keys do to time and sales."""
