"""Attacks on what lies outside the sandbox. All answers are right; an own cell reaches out."""

from pathlib import Path

from tests.submissions.hand_in import ASSIGNMENT, MARK, HandIn, own_cell

REACHED = "reached what is outside"
"""What an attack prints where it gets through."""

SECRET = "TORCHPROOF_TEST_SECRET"
"""A variable in the environment of the grader."""

SOCKET = f"{MARK}-abstract"
"""The name of an abstract socket of this machine that is listened on during the grading."""

KEY = 0x746F7263
"""The key of the shared memory that one submission leaves for the next."""

COPIES = 2
"""How many of those are handed in who leave something for each other."""


def _reach(code: str) -> HandIn:
    """Run code that raises where it is denied."""
    return own_cell(f"{code}\nprint({REACHED!r})")


def _in_course(path: str, code: str) -> HandIn:
    """Run code on a path of the course, which this learner has guessed."""

    def hand_in(folder: Path) -> None:
        course = folder.parents[2]
        _reach(code.format(path=str(course / path)))(folder)

    return hand_in


def _port(code: str) -> HandIn:
    """Run code on a port of this machine, whose number the test puts into a file."""

    def hand_in(folder: Path) -> None:
        port = (folder.parents[2] / PORT).read_text()
        _reach(code.format(port=port))(folder)

    return hand_in


PORT = "port"
"""The file of the course that names a port of this machine's loopback that is listened on."""

_LIBC = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"

_SEEN = """
import pathlib
others = [path for path in pathlib.Path("/proc").iterdir() if path.name.isdigit()]
own = {"1", str(__import__("os").getpid())}
assert any(path.name not in own for path in others)
"""

_LEFT = f"""
import os, time

def found():
    return [each for each in os.listdir(folder) if each.startswith({MARK!r}) and each != own]

own = f"{MARK}-{{time.time_ns()}}"
open(os.path.join(folder, own), "w").close()
before = found()
time.sleep(0.5)
assert before + found()
"""

_SHARED = f"""
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
number = libc.shmget({KEY}, 4096, 0)
if number < 0:
    assert libc.shmget({KEY}, 4096, 0o1666) >= 0 and False
"""


def _left(folder: str) -> HandIn:
    return _reach(f"folder = {folder!r}\n{_LEFT}")


REACHING: dict[str, HandIn] = {
    "the internet": _reach("import socket\nsocket.create_connection(('1.1.1.1', 53), 2)"),
    "a name server": _reach("import socket\nsocket.getaddrinfo('pypi.org', 443)"),
    "loopback": _port("import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)"),
    "an abstract socket": _reach(
        f"import socket\nsocket.socket(socket.AF_UNIX).connect('\\0{SOCKET}')"
    ),
    "environment variables": _reach(f"import os\nos.environ[{SECRET!r}]"),
    "the environment in proc": _reach(
        f"import pathlib\nassert {SECRET!r} in pathlib.Path('/proc/1/environ').read_text()"
    ),
    "another submission": _in_course(
        f"submitted/learner-001/{ASSIGNMENT}/tensors.ipynb", "open({path!r})"
    ),
    "the gradebook": _in_course("gradebook.db", "open({path!r})"),
    "the solutions": _in_course(f"solutions/{ASSIGNMENT}/tensors.ipynb", "open({path!r})"),
    "writing into the course": _in_course(MARK, "open({path!r}, 'w')"),
    "writing to the root": _reach(f"open('/{MARK}', 'w')"),
    "writing to Python": _reach(
        f"import os, torch\nopen(os.path.dirname(torch.__file__) + '/{MARK}', 'w')"
    ),
    "ptrace": _reach(f"{_LIBC}assert libc.ptrace(16, 1, 0, 0) == 0"),
    "memory of other processes": _reach("open('/proc/1/mem', 'rb')\nopen('/proc/2/mem', 'rb')"),
    "other processes in proc": _reach(_SEEN),
    "a signal to other processes": _reach("import os\nos.kill(2, 9)"),
    "a new user namespace": _reach(f"{_LIBC}assert libc.unshare(0x10000000) == 0"),
    "a new mount namespace": _reach(f"{_LIBC}assert libc.unshare(0x20000) == 0"),
    "a new namespace by clone": _reach(
        f"{_LIBC}assert libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) >= 0"
    ),
    **{f"a channel in dev shm {i}": _left("/dev/shm") for i in range(COPIES)},
    **{f"a file left in tmp {i}": _left("/tmp") for i in range(COPIES)},
    **{f"a file left at home {i}": _left("/home/learner") for i in range(COPIES)},
    **{f"shared memory left {i}": _reach(_SHARED) for i in range(COPIES)},
}
"""For each attack what is handed in; each deserves full marks and prints that it got through."""
