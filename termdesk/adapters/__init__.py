"""The world: feeds and brokers behind one message contract."""
