"""Market state per instrument: book, tape, bars, quote, staleness."""
