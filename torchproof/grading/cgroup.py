"""Limits on all processes of a submission together, by control groups where they can be had.

The kernel's limits for a process leave a submission as many times its memory as it may have
processes, and as many times the processor time of a neighbour who has one. A control group counts
them all, and has the processors shared out between groups; making one takes root, or a folder that
the system delegated. Versions 1 and 2 of control groups are known.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_PREFIX = "torchproof-"
_MEMORY = ("memory.max", "memory.limit_in_bytes")
_PIDS = ("pids.max",)
_PROCESSORS = ("cpu.weight", "cpu.shares")
_SECONDS_TO_END = 2
_NO_SWAP = {"memory.swap.max": "0", "memory.swappiness": "0"}


class Group:
    """A control group for one process and all that it will start.

    Where the machine grants none, the group holds nothing and limits nothing.

    Args:
        process: the process, as seen from here.
    """

    def __init__(self, process: int) -> None:
        self._folders = []
        for parent in _parents():
            folder = parent / f"{_PREFIX}{os.getpid()}-{process}"
            with suppress(OSError):
                folder.mkdir()
                self._folders.append(folder)
                (folder / "cgroup.procs").write_text(str(process))
        self._limits = {name: folder / name for folder in self._folders
                        for name in (*_MEMORY, *_PIDS) if (folder / name).exists()}  # fmt: skip

    @property
    def shares_processors(self) -> bool:
        """Whether all processes together get no more processor time than another group."""
        return any((folder / name).exists() for folder in self._folders for name in _PROCESSORS)

    @property
    def holds_memory(self) -> bool:
        """Whether memory is limited for all processes together."""
        return any(name in self._limits for name in _MEMORY)

    def limit(self, memory_mib: int, processes: int) -> None:
        """Set what the processes may use together; the slot itself is one of them."""
        values = dict.fromkeys(_MEMORY, memory_mib * 2**20) | dict.fromkeys(_PIDS, processes + 1)
        for name, path in self._limits.items():
            path.write_text(str(values[name]))
        for folder in self._folders:
            for name, value in _NO_SWAP.items():
                with suppress(OSError):
                    (folder / name).write_text(value)

    def close(self) -> None:
        """Remove the group once its processes have ended."""
        deadline = time.monotonic() + _SECONDS_TO_END
        while any(map(_occupied, self._folders)) and time.monotonic() < deadline:
            time.sleep(0.01)


def sweep() -> None:
    """Remove the groups of graders that were killed."""
    for parent in _parents():
        for folder in parent.glob(f"{_PREFIX}*"):
            grader = folder.name.removeprefix(_PREFIX).partition("-")[0]
            if not Path("/proc", grader).exists():
                _occupied(folder)


def _occupied(folder: Path) -> bool:
    """Remove a group's folder; say whether processes in it kept it from being removed."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _parents() -> list[Path]:
    """List the folders in which groups may be made: for each of version 1's kinds, or version 2's.

    A group of the processor's kind limits nothing; it gets as much time as any other group.

    A process of version 2 cannot have groups below its own, so they are made beside it.
    """
    folders = []
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, kinds, path = line.split(":", 2)
        if not kinds and (_ROOT / "cgroup.controllers").exists():
            folders.append((_ROOT / path.strip("/")).parent if path != "/" else _ROOT)
        elif {"memory", "pids", "cpu"} & {*kinds.split(",")}:
            folders.append(_ROOT / kinds / path.strip("/"))
    return [folder for folder in folders if os.access(folder, os.W_OK)]
