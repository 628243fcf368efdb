"""Cells run as in a notebook, and nothing they do lasts or spreads."""

import time
from typing import Any

import pytest

from tests.grading.conftest import Run


def shown(outputs: list[dict[str, Any]]) -> str:
    """Put outputs together as text."""
    parts = []
    for output in outputs:
        data = output.get("data", {}).get("text/plain", "")
        parts.append(output.get("text", "") + data + output.get("ename", ""))
    return "".join(parts)


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ("print('a'); print('b')", "stream", "a\nb\n"),
        ("1 + 1", "execute_result", "2"),
        ("from IPython.display import display\ndisplay('x')", "display_data", "'x'"),
        ("1 / 0", "error", "ZeroDivisionError"),
        ("def f(:", "error", "SyntaxError"),
        ("import os\n_ = os.write(1, b'past python')", "stream", "past python"),
        ("import subprocess\n_ = subprocess.run(['echo', 'child'])", "stream", "child\n"),
        ("%matplotlib inline\n1", "execute_result", "1"),
        ("await __import__('asyncio').sleep(0, 3)", "execute_result", "3"),
        ("import torch\ntorch.arange(3)", "execute_result", "tensor([0, 1, 2])"),
        ("from torchproof import check\ncheck('tensors.threshold', 1)", "stream", None),
        ("import sys\nprint('e', file=sys.stderr)", "stream", "e\n"),
    ],
)
def test_output_is_a_notebooks(run: Run, cell: str, kind: str, text: str | None) -> None:
    (done,) = run(cell)
    assert [output["output_type"] for output in done.outputs] == [kind]
    assert text is None or shown(done.outputs) == text


def test_stderr_is_told_apart(run: Run) -> None:
    (done,) = run("import sys\nprint('e', file=sys.stderr)")
    assert done.outputs[0]["name"] == "stderr"


def test_figure_is_an_image(run: Run) -> None:
    (done,) = run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert "image/png" in done.outputs[-1]["data"]


def test_names_last_from_cell_to_cell(run: Run) -> None:
    assert shown(run("x = 20", "x + 1")[1].outputs) == "21"


def test_names_do_not_last_from_notebook_to_notebook(run: Run) -> None:
    run("x = 20")
    assert shown(run("x")[0].outputs) == "NameError"


def test_files_lie_beside_the_notebook(run: Run) -> None:
    (done,) = run("import helper\nhelper.y", files={"helper.py": b"y = 5", "data/a.csv": b"1"})
    assert shown(done.outputs) == "5"


def test_later_cells_are_not_run_after_a_crash(run: Run) -> None:
    done = run("print('before')", "import os\nos._exit(3)", "print('after')")
    assert [shown(each.outputs) for each in done] == ["before\n", "Ended", "NotRun"]


def test_cell_after_a_timeout_is_run(run: Run) -> None:
    done = run("while True: pass", "print('after')", cell_seconds=1)
    assert shown(done[0].outputs).endswith("TimeLimit")
    assert shown(done[1].outputs) == "after\n"


HARM = {
    "a loop that swallows interrupts": """
while True:
    try:
        while True: pass
    except BaseException: pass
""",
    "a sleep": "import time\ntime.sleep(1000)",
    "SIGSTOP to itself": "import os, signal, time\nos.kill(os.getpid(), 19)\ntime.sleep(99)",
    "signals ignored": """
import signal, time
for s in (signal.SIGTERM, signal.SIGINT): signal.signal(s, signal.SIG_IGN)
time.sleep(1000)
""",
    "a fork bomb": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "a child that calls setsid": """
import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(1000)
""",
    "10,000 threads": """
import threading, time
threads = [threading.Thread(target=time.sleep, args=(1000,)) for _ in range(10_000)]
for thread in threads: thread.start()
""",
    "10,000 descriptors": "import os\nkept = [os.open('/dev/null', 0) for _ in range(10_000)]",
    "a memory bomb": "kept = []\nwhile True: kept.append(bytearray(2**24))",
    "a memory bomb of shared memory": """
import mmap
kept = []
while True:
    m = mmap.mmap(-1, 2**26); m[::4096] = b'x' * len(range(0, 2**26, 4096)); kept.append(m)
""",
    "a full disk": "with open('f', 'wb') as f:\n    while True: f.write(b'x' * 2**20)",
    "a million files": "for i in range(10**6): open(f'/tmp/{i}', 'w').close()",
    "a line of 60 MB": "print('x' * 60_000_000)",
    "a million displays": "for i in range(10**6): display(i)",
    "recursion": "f = lambda: f()\nf()",
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "os._exit": "import os\nos._exit(0)",
    "sys.exit": "import sys\nsys.exit()",
    "showtraceback patched": "get_ipython().showtraceback = None\n1/0",
    "stdout closed": "import os\nos.closerange(0, 256)",
}


@pytest.mark.parametrize("name", HARM)
def test_harm_is_bounded_and_leaves_the_slot(run: Run, name: str) -> None:
    start = time.monotonic()
    run(HARM[name], cell_seconds=3, notebook_seconds=10, memory_mib=1024, processes=64)
    assert shown(run("print('alive')")[0].outputs) == "alive\n"
    assert time.monotonic() - start < 60


FORGED = {
    "not a frame": "os.write({fd}, b'\\xff' * 64)",
    "a frame without end": "os.write({fd}, b'o' + (2**31).to_bytes(4, 'little'))",
    "a done that is no JSON": "os.write({fd}, b'd' + (2).to_bytes(4, 'little') + b'xx')",
    "an output that is no list": "os.write({fd}, b'o' + (1).to_bytes(4, 'little') + b'3')",
    "an observation nobody asked for": "os.write({fd}, b'b' + (2).to_bytes(4, 'little') + b'xx')",
    "JSON nested deep": "os.write({fd}, b'o' + (9000).to_bytes(4, 'little') + b'[' * 9000)",
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_frame_ends_that_notebook_only(run: Run, name: str) -> None:
    find = (
        "import gc, os\n"
        "found = [each for each in gc.get_objects() if type(each).__name__ == 'Runner']\n"
        "fd = found[0].channel.fileno()\n"
    )
    done = run(find + FORGED[name].format(fd="fd"), "1 + 1", cell_seconds=5)
    assert shown(done[1].outputs) == "NotRun"
    assert shown(run("1 + 1")[0].outputs) == "2"
