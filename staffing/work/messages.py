"""Messages between a caller and its child, whole or not at all, over a pair of pipes that any system has.

They are pickled, and so are only ever read from a process that this package has started itself.
"""

from __future__ import annotations

import pickle
import struct
from typing import IO, Any

_LENGTH = struct.Struct(">Q")
ASKED = struct.Struct(">cQ")  # what a forge is asked, and of which child
FORK, END = b"f", b"e"


def put(stream: IO[bytes], message: Any) -> None:
    """Send a message. Nothing is sent of one that cannot be pickled; raises OSError when nobody listens any more."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def take(stream: IO[bytes]) -> Any:
    """The next message. Raises EOFError when the other side has ended, also in the midst of one."""
    (length,) = _LENGTH.unpack(_read(stream, _LENGTH.size))
    return pickle.loads(_read(stream, length))  # noqa: S301 (of a child of our own)


def _read(stream: IO[bytes], count: int) -> bytes:
    content = stream.read(count)
    while len(content) < count:
        more = stream.read(count - len(content))
        if not more:
            raise EOFError
        content += more
    return content
