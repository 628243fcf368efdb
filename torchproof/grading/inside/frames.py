"""Frames: how the two sides of the wall talk, a kind and a length before each message."""

import json
import socket
import struct
from typing import Any

_HEAD = struct.Struct("<cI")

MAX_FRAME = 80 * 2**20
"""Bytes that one frame may have."""

CELL = b"x"
JUDGE = b"j"
OUTPUT = b"o"
OBSERVATION = b"b"
DONE = b"d"


class FrameError(Exception):
    """Bytes that are no frame, or one over the limit."""


def send(channel: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send one frame."""
    channel.sendall(_HEAD.pack(kind, len(payload)) + payload)


def send_json(channel: socket.socket, kind: bytes, value: Any) -> None:
    """Send one frame that holds JSON."""
    send(channel, kind, json.dumps(value).encode())


def receive(channel: socket.socket, limit: int = MAX_FRAME) -> tuple[bytes, bytes]:
    """Receive one frame: its kind and its payload.

    Raises:
        FrameError: the frame is over the limit.
        EOFError: the other side has gone.
    """
    kind, length = _HEAD.unpack(_exactly(channel, _HEAD.size))
    if length > limit:
        raise FrameError(f"a frame of {length:,} bytes is over the limit")
    return kind, _exactly(channel, length)


def _exactly(channel: socket.socket, length: int) -> bytes:
    buffer = bytearray(length)
    view = memoryview(buffer)
    done = 0
    while done < length:
        got = channel.recv_into(view[done:])
        if got == 0:
            raise EOFError
        done += got
    return bytes(buffer)
