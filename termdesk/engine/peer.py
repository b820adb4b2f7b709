"""Who is at the other end of a connection: told by the kernel, never by the client."""

from __future__ import annotations

import getpass
import pwd
import socket
import struct
from functools import cache

_UCRED = struct.Struct("3i")


def peer_user(connection: socket.socket) -> str:
    """Give the name of the user whose process opened a unix socket connection.

    Where the platform does not tell (no ``SO_PEERCRED``), it is the user of
    this process: the socket's mode lets nobody else in.
    """
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return getpass.getuser()
    _, uid, _ = _UCRED.unpack(connection.getsockopt(socket.SOL_SOCKET, option, _UCRED.size))
    return _name(uid)


@cache
def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
