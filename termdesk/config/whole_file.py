"""Files that are there whole or not at all, whoever else writes them and whenever the process ends."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(file: Path, data: bytes, *, mode: int = 0o666, durable: bool = False) -> None:
    """Write a file in one step; its folder is made where it is missing.

    Args:
        file: Which one.
        data: All of it.
        mode: Rights of a new file, less what the process masks.
        durable: Whether it must have reached the disk before it takes the old one's place.

    Raises:
        OSError: It can't be written; the old one stands.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    with open(descriptor, "wb") as out:  # noqa: PTH123 a descriptor has no path
        out.write(data)
        if durable:
            out.flush()
            os.fsync(descriptor)
    part.replace(file)


def put_aside(file: Path) -> Path:
    """Rename what can't be read, so that the next writing loses none of it; gives where it is then.

    Where it can't be renamed it stays.
    """
    aside = file.with_name(f"{file.name}.damaged")
    try:
        file.replace(aside)
    except OSError:
        return file
    return aside
