"""What travels between the engine and its clients: frames, topics, queries, and their two encodings."""
