"""What a forked process gives up before it runs a learner's code."""

import ctypes
import os
import resource
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

HOME = "/home/learner"
"""Where a learner's notebook runs: private, writable, gone afterwards."""

_PRIVATE = (HOME, "/tmp", "/dev/shm")

NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PIDS = 0x20000, 0x08000000, 0x10000000, 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = (
    2,
    4,
    8,
    0x1000,
    0x4000,
    0x40000,
)
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_SET_DUMPABLE = 38, 22, 24, 4
_SECCOMP_FILTER, _LAST_CAPABILITY = 2, 63
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags name, for new ones."""
    _checked(_libc.unshare(flags), "unshare")


def enter_pids(descriptor: int) -> None:
    """Let the next children be born in the process namespace of this descriptor."""
    _checked(_libc.setns(descriptor, NEW_PIDS), "setns")


def _mount(kind: str, target: str, flags: int, options: str = "") -> None:
    arguments = (kind.encode(), target.encode(), kind.encode(), flags, options.encode())
    _checked(_libc.mount(*arguments), f"mount {kind} on {target}")


def own_namespaces(file_mib: int, keep: list[str]) -> None:
    """Give this process private folders, processes and shared memory of its own.

    Args:
        file_mib: the size of each private folder.
        keep: folders that stay visible where they lie in one that becomes private.
    """
    unshare(NEW_MOUNTS | NEW_IPC)
    _checked(_libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "mount /")
    options = f"size={file_mib}m,nr_inodes=20k,mode=1777"
    for folder in _PRIVATE:
        kept = {path: os.open(path, os.O_PATH) for path in keep if path.startswith(f"{folder}/")}
        _mount("tmpfs", folder, _MS_NOSUID | _MS_NODEV, options)
        for path, descriptor in kept.items():
            os.umask(0o022)
            Path(path).mkdir(parents=True, exist_ok=True)
            source = f"/proc/self/fd/{descriptor}".encode()
            bound = _libc.mount(source, path.encode(), None, _MS_BIND | _MS_REC, None)
            _checked(bound, f"bind {path}")
            os.close(descriptor)
    try:
        _mount("proc", "/proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    except OSError:
        _mount("tmpfs", "/proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "size=0,mode=555")


def limit(limits: dict[str, Any]) -> None:
    """Set the limits that the kernel counts for each process or user."""
    mib = 2**20
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    memory = limits["memory_mib"] * mib
    bounds = {
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_AS: size + 2 * memory,
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_FSIZE: limits["file_mib"] * mib,
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_CPU: int(limits["notebook_seconds"]) * 2 + 10,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, value in bounds.items():
        resource.setrlimit(what, (value, value))
    Path("/proc/self/oom_score_adj").write_text("1000")  # the first to go, not its slot


def drop_privileges(uid: int) -> None:
    """Become a user who owns nothing, for good."""
    if uid:
        _drop_bounding_set()
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    else:
        unshare(NEW_USER)
        for name in ("uid", "gid"):
            with suppress(OSError):
                Path("/proc/self/setgroups").write_text("deny")
            Path(f"/proc/self/{name}_map").write_text("1000 0 1")
        _drop_bounding_set()
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def _drop_bounding_set() -> None:
    for capability in range(_LAST_CAPABILITY + 1):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
