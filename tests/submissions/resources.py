"""Attacks on the machine: time, memory, processes, files. The other six answers are right."""

from tests.submissions.hand_in import HandIn, answered, own_cell

TIME = "time limit"
ENDED = "ended while this cell ran"
RAISED = ""
"""Nothing but an exception, or nothing at all, comes of it."""

_SWALLOWS = """
while True:
    try:
        while True: pass
    except BaseException: pass
"""

_IGNORED = """
import signal, time
for each in (signal.SIGTERM, signal.SIGINT): signal.signal(each, signal.SIG_IGN)
time.sleep(1000)
"""

_FORKS = """
import os
while True:
    try: os.fork()
    except OSError: pass
"""

_DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)
"""

_ZOMBIES = """
import os
for _ in range(1000):
    if os.fork() == 0:
        os._exit(0)
"""

_THREADS = """
import threading, time
for _ in range(10_000):
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
"""

_LATER = """
import threading, time

def later():
    while True:
        time.sleep(0.01)
        print("5.0")
        display(5.0)

threading.Thread(target=later, daemon=True).start()
"""

_MEMORY = "kept = []\nwhile True: kept.append(bytearray(2**24))"
_DISK = "with open('f', 'wb') as file:\n    while True: file.write(b'x' * 2**20)"
_INODES = "for number in range(10**6): open(f'/tmp/{number}', 'w').close()"
_DISPLAYS = "for i in range(10**6): display(i)"
_DESCRIPTORS = "import os\nkept = [os.open('/dev/null', 0) for _ in range(10_000)]"
_STOPPED = "import os, signal, time\nos.kill(os.getpid(), signal.SIGSTOP)\ntime.sleep(1000)"


def _answer(body: str) -> HandIn:
    """Attack from within the first answer, which the graded cell calls."""
    return answered("threshold", f"def threshold(t, limit):\n    {body}\n")


RESOURCES: dict[str, tuple[HandIn, str]] = {
    "an endless loop": (own_cell("while True: pass"), TIME),
    "a loop that swallows KeyboardInterrupt": (own_cell(_SWALLOWS), TIME),
    "a sleep": (own_cell("import time\ntime.sleep(1000)"), TIME),
    "SIGSTOP to itself": (own_cell(_STOPPED), TIME),
    "SIGTERM and SIGINT ignored": (own_cell(_IGNORED), TIME),
    "a fork bomb": (own_cell(_FORKS), TIME),
    "a child that calls setsid": (own_cell(_DAEMON), RAISED),
    "zombies": (own_cell(_ZOMBIES), "BlockingIOError"),
    "10,000 threads": (own_cell(_THREADS), "can't start new thread"),
    "10,000 file descriptors": (own_cell(_DESCRIPTORS), "Too many open files"),
    "a memory bomb": (own_cell(_MEMORY), "MemoryError"),
    "a full disk": (own_cell(_DISK), "OSError"),
    "a million files": (own_cell(_INODES), "No space left on device"),
    "a line of 60 MB": (own_cell("print('x' * 60_000_000)"), "The rest is left out"),
    "a million displays": (
        own_cell(_DISPLAYS),
        "showed more than 2,000 outputs",
    ),
    "recursion": (own_cell("f = lambda: f()\nf()"), "RecursionError"),
    "a segmentation fault": (own_cell("import ctypes\nctypes.string_at(0)"), ENDED),
    "os._exit in the answer": (_answer("import os; os._exit(0)"), ENDED),
    "sys.exit in the answer": (_answer("import sys; sys.exit()"), "SystemExit"),
    "a tensor of 2⁴⁰ elements": (
        _answer("return torch.zeros(1).as_strided((2**20, 2**20), (0, 0))"),
        "a tensor of 1,099,511,627,776 elements",
    ),
    "a thread that prints after its cell": (own_cell(_LATER), RAISED),
}
"""For each attack what is handed in, and what the learner's page says of it."""
