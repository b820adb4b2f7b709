"""Engine client: attach, resync, subscribe, ask, command."""

from __future__ import annotations

from termdesk.client.connection import EngineClient, PushFrame
from termdesk.client.discovery import DeskAddress, find, running
from termdesk.client.identity import new_command_id

__all__ = ["DeskAddress", "EngineClient", "PushFrame", "find", "new_command_id", "running"]
