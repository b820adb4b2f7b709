"""The Textual screen: a client of the engine like any other."""
