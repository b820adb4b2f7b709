"""Durable facts in SQLite: group commit, replay, checkpoints."""

from termdesk.journal.export import export_facts
from termdesk.journal.memory import MemoryJournal, SynchronousWriter
from termdesk.journal.opening import open_journal
from termdesk.journal.port import Batch, Checkpoint, DeskInput, Journal, Writer
from termdesk.journal.replay import replayed, taken_snapshot
from termdesk.journal.sealed import seal
from termdesk.journal.snapshot import Snapshot, write_snapshot
from termdesk.journal.sqlite import SqliteJournal
from termdesk.journal.writer import JournalWriter

__all__ = [
    "Batch",
    "Checkpoint",
    "DeskInput",
    "Journal",
    "JournalWriter",
    "MemoryJournal",
    "Snapshot",
    "SqliteJournal",
    "SynchronousWriter",
    "Writer",
    "export_facts",
    "open_journal",
    "replayed",
    "seal",
    "taken_snapshot",
    "write_snapshot",
]
