"""Dated rule books of the venues, as data: sessions, ticks, lots, fees."""
