"""The ``termdesk`` command: the screen, or a console command.

The bare command must paint before anything else is loaded, so this looks at
the words alone and imports only what they ask for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

HELP = ("--help", "-h", "--version")


def is_console(words: Sequence[str]) -> bool:
    """Whether the words ask for a console command or help rather than for the screen."""
    named = bool(words) and not words[0].startswith("-")
    return named or any(word in HELP for word in words) or "_TERMDESK_COMPLETE" in os.environ


def main() -> None:
    """Run termdesk with the words of the command line; exits with 0, 1 (refused or failed), 2 (bad usage) or 130."""
    words = sys.argv[1:]
    if is_console(words):
        from termdesk.cli.app import run_console

        sys.exit(run_console(words))
    from termdesk.cli.root import open_screen

    sys.exit(open_screen(words))


if __name__ == "__main__":
    main()
