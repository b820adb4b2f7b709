"""Ids made where a key was pressed or a command typed."""

from __future__ import annotations

import uuid


def new_command_id() -> str:
    """Make a command's id. Keep it: sending it again gives the first answer, never a second order."""
    return uuid.uuid4().hex
