"""Faults of the machine: what a teacher is told when a disk is full or a gradebook is locked."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from torchproof.errors import MachineError

_AGAIN = "Then grade again: who is graded stays graded."
_FULL = f"The disk is full: {{}} could not be written. Free some space. {_AGAIN}"
_CLOSED = f"{{}} could not be used: {{}}. Make it readable and writable. {_AGAIN}"
_LOCKED = f"The gradebook stayed locked by another program. Close that program. {_AGAIN}"
_OF_FILES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _CLOSED,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EIO: _CLOSED,
}
_OF_GRADEBOOKS = {
    "database is locked": _LOCKED,
    "database or disk is full": _FULL,
    "disk I/O error": _CLOSED,
    "attempt to write a readonly database": _CLOSED,
    "unable to open database file": _CLOSED,
}


def machine_fault(error: BaseException) -> MachineError | None:
    """Return what to tell of an error that is the machine's fault; nothing where it is not."""
    each: BaseException | None = error
    while each is not None:
        what, why, sentence = "", "", None
        if isinstance(each, OSError):
            what, why = each.filename or "a file", each.strerror or ""
            sentence = _OF_FILES.get(each.errno or 0)
        elif isinstance(each, sqlite3.Error):
            what, why = "the gradebook", str(each)
            sentence = _OF_GRADEBOOKS.get(why)
        if sentence is not None:
            said = sentence.format(what, why)
            return MachineError(said[0].upper() + said[1:])
        each = each.__cause__ or each.__context__
    return None


@contextmanager
def telling_faults() -> Iterator[None]:
    """Raise a fault of the machine in the block as one that says what to do."""
    try:
        yield
    except Exception as error:
        fault = machine_fault(error)
        if fault is None:
            raise
        raise fault from error
