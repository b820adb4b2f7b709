"""What the blotter knows and does beyond orders, fills and positions: notes, events, messages, export, clipboard."""
