"""The symbol finder: type a code, a name or the initials of its pinyin, anywhere in the watchlist."""
