"""Durable facts in SQLite: group commit, replay, checkpoints."""

from termdesk.journal.export import export_facts
from termdesk.journal.memory import MemoryJournal, SynchronousWriter
from termdesk.journal.opening import open_journal
from termdesk.journal.port import Batch, Checkpoint, DeskInput, Journal, Writer
from termdesk.journal.sqlite import SqliteJournal
from termdesk.journal.writer import JournalWriter

__all__ = [
    "Batch",
    "Checkpoint",
    "DeskInput",
    "Journal",
    "JournalWriter",
    "MemoryJournal",
    "SqliteJournal",
    "SynchronousWriter",
    "Writer",
    "export_facts",
    "open_journal",
]
