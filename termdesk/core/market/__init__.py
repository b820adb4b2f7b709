"""Market state: books, quote line, bars, tape and the state of sources, moved by market events only."""
