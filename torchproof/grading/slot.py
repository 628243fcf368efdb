"""A place inside the wall, and the orders it takes."""

import json
import select
import socket
import struct
from typing import Any

from torchproof.checking.tree import encode
from torchproof.errors import SandboxLostError
from torchproof.grading.cgroup import Group

_CREDENTIALS = struct.Struct("3i")


class Slot:
    """A place inside the wall for one submission at a time.

    Args:
        address: the warm process's socket.
        imports: modules to import before the first submission comes.

    Attributes:
        imports: the modules that it has imported.
        group: what limits all its processes together, where that can be had.
    """

    def __init__(self, address: str, imports: tuple[str, ...] = ()) -> None:
        self.imports = frozenset(imports)
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            self._connection.connect(address)
            names = json.dumps(imports).encode()
            self._connection.sendall(struct.pack("<I", len(names)) + names)
            self.group = Group(self._greeted())
        except OSError as error:
            raise SandboxLostError(f"the warm process is gone: {error}") from error

    def _greeted(self) -> int:
        """Wait for the slot's process and return its id on this side, which the kernel tells."""
        said, about, _, _ = self._connection.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size))
        if not said:
            raise SandboxLostError("the warm process is gone")
        process, _, _ = _CREDENTIALS.unpack(about[0][2][: _CREDENTIALS.size])
        return int(process)

    def begin(self, limits: dict[str, Any], files: list[tuple[str, bytes]]) -> socket.socket:
        """Start a process for a submission and return the channel to it."""
        self.group.limit(limits["memory_mib"], limits["processes"])
        ours, theirs = socket.socketpair()
        content = [{"name": name, "data": data.hex()} for name, data in files]
        request = encode({"limits": limits, "files": content})
        try:
            head = struct.pack("<I", len(request))
            socket.send_fds(self._connection, [head], [theirs.fileno()])
            self._connection.sendall(request)
        except OSError as error:
            ours.close()
            raise SandboxLostError(f"the warm process is gone: {error}") from error
        finally:
            theirs.close()
        return ours

    def interrupt(self) -> None:
        """Ask the learner's code to stop, as the interrupt button does."""
        self._order(b"i")

    def end(self) -> int:
        """Kill all that is left of the submission and return its wait status."""
        self._order(b"k")
        ready, _, _ = select.select([self._connection], [], [], 30)
        try:
            status = self._connection.recv(4) if ready else b""
        except OSError as error:
            raise SandboxLostError(f"the warm process is gone: {error}") from error
        if len(status) < 4:
            raise SandboxLostError("the warm process did not answer")
        return int(struct.unpack("<i", status)[0])

    def _order(self, order: bytes) -> None:
        try:
            self._connection.sendall(order)
        except OSError as error:
            raise SandboxLostError(f"the warm process is gone: {error}") from error

    def close(self) -> None:
        """Give the slot up."""
        self._connection.close()
        self.group.close()
