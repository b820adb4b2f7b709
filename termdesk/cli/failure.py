"""From errors to what a person reads and a shell sees. Owns standard error and the exit codes.

0 done, 1 refused or failed, 2 bad usage or configuration, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from termdesk.core.model.errors import ConfigError, Refused, TermdeskError

P = ParamSpec("P")

DONE = 0
FAILED = 1
BAD_USAGE = 2
INTERRUPTED = 130


class BadUsage(TermdeskError):
    """The words of the command line say too little, too much or nothing known."""


def guarded(work: Callable[[], int]) -> int:
    """Do the work and give its exit code; expected errors become one message on standard error."""
    try:
        return work()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`termdesk fills | head`); Python must not complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Refused as refused:
        complain(refusal_text(refused.code, refused.params))
        return FAILED
    except (BadUsage, ConfigError) as error:
        complain(str(error))
        return BAD_USAGE
    except TermdeskError as error:
        complain(str(error))
        return FAILED


def console(command: Callable[P, int]) -> Callable[P, None]:
    """Make a console command of a function that gives an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        raise SystemExit(guarded(lambda: command(*args, **kwargs)))

    return run


def complain(text: str) -> None:
    """Write a message to standard error."""
    from termdesk.core.model.text import sanitise

    lines = (sanitise(line, limit=10_000) for line in text.split("\n"))
    sys.stderr.write("termdesk: " + "\n".join(lines) + "\n")


def refusal_text(code: str, params: dict[str, str]) -> str:
    """Say a refusal in the reader's language."""
    from termdesk.cli.voice import sentence_of

    return sentence_of(code, params)
