"""Orders, risk, ledger and the desk that decides: facts in, state out."""
