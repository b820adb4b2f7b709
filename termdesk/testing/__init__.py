"""Kits that ship with the product, for authors of adapters and strategies."""
