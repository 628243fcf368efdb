"""The warm process inside the wall: everything is imported here once, then it forks."""

import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import tempfile
import traceback
from contextlib import suppress
from typing import Any, NoReturn

from torchproof.checking.tree import decode
from torchproof.grading.inside import confine, frames, seccomp
from torchproof.grading.inside.shell import Shell

INTERRUPT, KILL = b"i", b"k"
_FIRST_UID = 60_000
_UIDS = 1_000
_LENGTH = struct.Struct("<I")


def warm_up() -> Shell:
    """Import what notebooks import and do once what is slow the first time.

    Looking for garbage would take a third of that time, and find next to none.
    """
    gc.disable()
    import matplotlib
    import torch

    torch.set_num_threads(1)
    matplotlib.use("module://matplotlib_inline.backend_inline")
    from torchproof.grading.inside import rehearse
    from torchproof.grading.inside.shell import new_shell

    shell = new_shell()
    rehearse.rehearse(shell)
    gc.freeze()
    gc.enable()
    return shell


def serve(listener: socket.socket, lifeline: int, rights: str) -> None:
    """Fork a slot for every connection, until the grader is gone."""
    shell = warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    slots = 0
    while True:
        ready, _, _ = select.select([listener.fileno(), lifeline], [], [])
        if lifeline in ready:
            return
        connection, _ = listener.accept()
        slots += 1
        if os.fork() == 0:
            listener.close()
            os.close(lifeline)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                _slot(connection, shell, slots, rights)
            except (EOFError, ConnectionError):
                os._exit(0)
            except BaseException:
                traceback.print_exc(file=sys.__stderr__)
                os._exit(1)
        connection.close()


def _slot(connection: socket.socket, shell: Shell, number: int, rights: str) -> NoReturn:
    """Run one submission after the other for one worker."""
    own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
    _import(json.loads(_message(connection)))
    connection.sendall(b"!")  # the kernel tells the worker from whom
    while True:
        head, descriptors, _, _ = socket.recv_fds(connection, _LENGTH.size, 1)
        if not head:
            raise EOFError
        channel = socket.socket(fileno=descriptors[0])
        request = decode(_message(connection, head))
        if rights != "open":
            confine.enter_pids(own_pids)
            confine.unshare(confine.NEW_PIDS)
        pid = os.fork()
        if pid == 0:
            connection.close()
            os.close(own_pids)
            _learner(channel, shell, request, rights, number)
        channel.close()
        status = _watch(connection, pid)
        connection.sendall(struct.pack("<i", status))


def _import(names: list[str]) -> None:
    """Import what a task's notebooks import; what cannot be had fails in the notebook."""
    gc.disable()
    for name in names:
        with suppress(Exception):
            importlib.import_module(name)
    gc.freeze()
    gc.enable()


def _message(connection: socket.socket, head: bytes = b"") -> bytes:
    """Receive a message after its length, which may have come before."""
    (length,) = _LENGTH.unpack(head or _receive(connection, _LENGTH.size))
    return _receive(connection, length)


def _receive(connection: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(length - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _watch(connection: socket.socket, pid: int) -> int:
    """Signal the learner's process as the worker says, until it says to kill it."""
    handle = os.pidfd_open(pid)
    try:
        while (order := connection.recv(1)) == INTERRUPT:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGINT)
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        if not order:
            raise EOFError
        return status
    finally:
        os.close(handle)


def _learner(
    channel: socket.socket, shell: Shell, request: dict[str, Any], rights: str, number: int
) -> None:
    """Give up everything but the channel, then serve; never returns."""
    from torchproof.grading.inside.runner import Runner, prepare

    code = 1
    try:
        limits = request["limits"]
        home = tempfile.mkdtemp() if rights == "open" else confine.HOME
        confine.limit(limits)
        if rights != "open":
            confine.own_namespaces(limits["file_mib"], sys.argv[4:])
            confine.drop_privileges(_FIRST_UID + number % _UIDS if rights == "root" else 0)
            seccomp.install()
        # Started in the background, the grader ignores interrupts, and hands that down.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        prepare([(file["name"], bytes.fromhex(file["data"])) for file in request["files"]], home)
        Runner(shell, channel, limits["output_kib"] * 1024).serve()
        code = 0
    except BaseException as error:
        with suppress(BaseException):
            frames.send_json(channel, frames.DONE, {"fault": repr(error)})
    finally:
        os._exit(code)


def main() -> None:
    """Serve on the listening socket whose descriptor is the first argument.

    The second is the lifeline, a pipe that ends when the grader is gone. The third is the rights
    inside the wall: "root", "user" for root of a user namespace that holds an ordinary user only,
    or "open" where there is no wall. The rest are Python's folders.
    """
    descriptor, lifeline, rights = sys.argv[1:4]
    serve(socket.socket(fileno=int(descriptor)), int(lifeline), rights)
