"""System calls that no notebook needs, refused by the kernel."""

import ctypes
import errno
import os
import struct

_X86_64, _AARCH64 = 0xC000003E, 0xC00000B7

_REFUSED = {
    "x86_64": {
        "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155,
        "chroot": 161, "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311,
        "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321, "perf_event_open": 298,
        "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
        "open_by_handle_at": 304, "open_tree": 428, "move_mount": 429, "fsopen": 430,
        "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "swapon": 167,
        "reboot": 169, "init_module": 175, "finit_module": 313, "kexec_load": 246, "acct": 163,
    },
    "aarch64": {
        "unshare": 97, "setns": 268, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51,
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "add_key": 217,
        "request_key": 218, "keyctl": 219, "bpf": 280, "perf_event_open": 241,
        "userfaultfd": 282, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
        "open_by_handle_at": 265, "open_tree": 428, "move_mount": 429, "fsopen": 430,
        "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "swapon": 224,
        "reboot": 142, "init_module": 105, "finit_module": 273, "kexec_load": 104, "acct": 89,
    },
}  # fmt: skip
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_NEW_NAMESPACES = 0x7E020000
_X32 = 0x40000000
_ARCHITECTURE = {"x86_64": _X86_64, "aarch64": _AARCH64}

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16


def program(machine: str) -> bytes:
    """Assemble the filter for a machine, as in ``os.uname().machine``."""
    refused = [*_REFUSED[machine].values()]
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, _ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL),
    ]
    steps += [(_LOAD, 0, 0, _NUMBER)]
    after = len(refused) + 5
    steps += [(_AT_LEAST, after + 1, 0, _X32)]
    steps += [(_EQUAL, after - i, 0, number) for i, number in enumerate(refused)]
    steps += [
        (_EQUAL, 6, 0, _CLONE3),
        (_EQUAL, 0, 3, _CLONE[machine]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 2, 0, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERROR | errno.EPERM),
        (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
    ]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def install() -> None:
    """Refuse these calls to this process and all it will start, for good."""
    machine = os.uname().machine
    if machine not in _REFUSED:
        return
    code = ctypes.create_string_buffer(program(machine))
    count = len(code.raw) // 8
    head = struct.pack("@HP", count, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(22, 2, head, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")
