"""Engine client: attach, resync, subscribe, ask, command."""

from __future__ import annotations

from termdesk.client.attach import Attachment, AttachmentChange, Session
from termdesk.client.connection import EngineClient, PushFrame
from termdesk.client.discovery import DeskAddress, find, running
from termdesk.client.identity import new_command_id
from termdesk.client.launch import StartedEngine, spawn_engine, start_engine, wait_for_engine

__all__ = [
    "Attachment",
    "AttachmentChange",
    "DeskAddress",
    "EngineClient",
    "PushFrame",
    "Session",
    "StartedEngine",
    "find",
    "new_command_id",
    "running",
    "spawn_engine",
    "start_engine",
    "wait_for_engine",
]
