"""Every error that termdesk raises on purpose.

TermdeskError
├── Refused            a command, query or value was refused; carries a code and its numbers
│   ├── NumberRefused  a number at the edge is no number of the instrument
│   └── TextRefused    text of the order language does not parse; carries a position
├── ConfigError        a configuration file or key is wrong
├── AdapterError       a feed or broker can't do what was asked
├── JournalError       the journal can't be opened, read or written
│   ├── JournalBusy    another engine holds the desk
│   └── JournalDamaged the stored chain does not verify
├── InvariantBroken    the books do not add up; the program is wrong and trading halts
├── ProtocolError      the peer broke the protocol
├── EngineUnreachable  no engine answers on the desk's socket
└── OutcomeUnknown     a command left, but its answer never came

A refusal is a code with parameters, never a sentence: the reader's language
makes the sentence. ``codes.CODES`` lists every code.
"""

from __future__ import annotations

from collections.abc import Mapping


class TermdeskError(Exception):
    """Root of the errors above; never raised itself."""


class Refused(TermdeskError):
    """Something asked for was refused by a rule.

    Attributes:
        code: A key of ``codes.CODES``, such as ``risk.lot``.
        params: The rule's numbers, as decimal text.
    """

    def __init__(self, code: str, params: Mapping[str, str] | None = None) -> None:
        self.code = code
        self.params = dict(params or {})
        super().__init__(f"{code} {self.params}")


class NumberRefused(Refused):
    """A number at the edge is no number of the instrument."""


class TextRefused(Refused):
    """Text of the order language does not parse.

    Attributes:
        position: Index of the first character that does not fit, from 0.
        expected: What would fit there, for people.
    """

    def __init__(self, code: str, params: Mapping[str, str], *, position: int, expected: tuple[str, ...] = ()) -> None:
        self.position = position
        self.expected = expected
        super().__init__(code, params)


class ConfigError(TermdeskError):
    """A configuration file or key is wrong; the text names file, key and the nearest known key."""


class AdapterError(TermdeskError):
    """A feed or broker can't do what was asked of it."""


class JournalError(TermdeskError):
    """The journal can't be opened, read or written."""


class JournalBusy(JournalError):
    """Another engine holds the desk; the text says which process."""


class JournalDamaged(JournalError):
    """The stored chain of facts does not verify; the text names the first bad sequence number."""


class InvariantBroken(TermdeskError):
    """The books do not add up after a fact, which no input can cause: the program is wrong.

    Attributes:
        invariant: What does not hold, such as ``places.sum``.
        numbers: What it was held against, as text.
        seq: The fact; 0 where everything was added up.
        tag: What kind of fact.
    """

    def __init__(self, invariant: str, numbers: tuple[str, ...], *, seq: int = 0, tag: str = "") -> None:
        self.invariant = invariant
        self.numbers = numbers
        self.seq = seq
        self.tag = tag
        after = f"fact {seq} ({tag})" if seq else "the facts so far"
        super().__init__(f"{invariant} does not hold after {after}: {', '.join(numbers)}")


class ProtocolError(TermdeskError):
    """The peer broke the protocol between engine and client."""


class EngineUnreachable(TermdeskError):
    """No engine answers on the desk's socket."""


class OutcomeUnknown(TermdeskError):
    """A command was sent and the link was lost before its answer came.

    It may or may not have been carried out. Sending it again under the same
    command id is safe: the engine then gives the first answer.

    Attributes:
        command_id: Id of the command.
    """

    def __init__(self, command_id: str, detail: str) -> None:
        self.command_id = command_id
        super().__init__(f"the answer to command {command_id} never came: {detail}")
