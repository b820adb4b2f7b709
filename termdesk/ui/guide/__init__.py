"""The first five minutes: a guide that watches what a new user does and says what comes next."""
