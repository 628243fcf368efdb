"""What a learner's code cannot reach."""

import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import torchproof
from tests.grading.conftest import TOOLS, Run
from tests.grading.rows import rows
from tests.grading.test_record import url
from tests.grading.test_run import shown
from torchproof.errors import SandboxLostError
from torchproof.grading.limits import Limits
from torchproof.grading.run import Execution
from torchproof.grading.sandbox import Zygote
from torchproof.grading.slot import Slot

PACKAGE = Path(torchproof.__file__).parent
ORDINARY = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
"""Runs a command as a user without rights, whoever runs the tests."""

DENIED = {
    "the internet": "import socket\nsocket.create_connection(('1.1.1.1', 53), 2)",
    "a new network": "import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "writing to the root": "open('/file', 'w')",
    "writing to the home above": "open('/home/file', 'w')",
    "writing to /dev": "open('/dev/file', 'w')",
    "writing to Python": "import torch, os\nopen(os.path.dirname(torch.__file__) + '/x', 'w')",
    "the solutions": f"open({str(PACKAGE.parent / 'pyproject.toml')!r})",
    "the catalog's source": f"open({str(PACKAGE / 'catalog' / 'tensors' / 'threshold.py')!r})",
    "the catalog": "import torchproof.catalog.tensors",
    "the grader": "import torchproof.grading.judge",
    "the home of root": "import os\nos.listdir('/root/.ssh')",
    "passwords": "open('/etc/shadow')",
    "processes outside": "import os\nos.kill(7, 0)",
    "ptrace": (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "assert libc.ptrace(16, 1, 0, 0) == 0"
    ),
    "new namespaces": (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "assert libc.unshare(0x10000000) == 0"
    ),
    "new namespaces by clone": (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "assert libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) >= 0"
    ),
    "mounting": (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "assert libc.umount2(b'/tmp', 2) == 0"
    ),
    "becoming root": "import os\nos.setuid(0)",
    "killing all": "import os, signal\nos.kill(2, signal.SIGKILL)",
    "making devices": "import os\nos.mknod('/tmp/sda', 0o60666, os.makedev(8, 0))",
}


@pytest.mark.parametrize("name", DENIED)
def test_denied(run: Run, name: str) -> None:
    (done,) = run(DENIED[name])
    assert [output["output_type"] for output in done.outputs] == ["error"], done.outputs


@pytest.mark.parametrize(
    "cell",
    [
        "import os\nsorted(os.environ)",
        "import os\nopen('/proc/self/environ').read()",
    ],
)
def test_environment_holds_nothing(run: Run, cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PYTEST" not in shown(run(cell)[0].outputs)


def test_only_the_learners_process_is_seen(run: Run) -> None:
    (done,) = run("import os\n[p for p in os.listdir('/proc') if p.isdigit()]")
    assert shown(done.outputs) == "['1']"


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm", "/home/learner"])
def test_files_do_not_last(run: Run, folder: str) -> None:
    assert run(f"open('{folder}/left', 'w').write('x')")[0].ok
    (done,) = run(f"import os\nos.listdir('{folder}')")
    assert "left" not in shown(done.outputs)


def test_loopback_is_not_the_machines(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (done,) = run(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)")
    assert shown(done.outputs) == "ConnectionRefusedError"


def test_abstract_socket_is_not_the_machines(run: Run) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0torchproof-test")
        server.listen()
        (done,) = run("import socket\nsocket.socket(1).connect('\\0torchproof-test')")
    assert shown(done.outputs) == "ConnectionRefusedError"


def test_descriptors_are_its_own(run: Run) -> None:
    (done,) = run("import os\nlen(os.listdir('/proc/self/fd'))")
    assert int(shown(done.outputs)) < 16


def test_nothing_of_a_submission_is_left(run: Run, zygote: Zygote) -> None:
    def processes() -> set[int]:
        return {each.pid for each in psutil.Process(zygote.process.pid).children(recursive=True)}

    run("1")
    before = processes()
    run(
        "import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n        os.setsid()\n"
        "        time.sleep(1000)"
    )
    assert processes() == before


def test_nothing_is_left_after_close() -> None:
    zygote = Zygote()
    folder = Path(zygote.address).parent
    inside = psutil.Process(zygote.process.pid).children(recursive=True)
    zygote.close()
    psutil.wait_procs(inside, timeout=5)
    assert not folder.exists()
    assert not any(_runs(each) for each in inside)


def test_ordinary_user_runs_unprivileged(run: Run) -> None:
    (done,) = run("import os\nos.getuid() != 0 and open('/proc/self/status').read()")
    assert "CapEff:\\t0000000000000000" in shown(done.outputs)


def test_cells_are_interrupted_where_the_grader_runs_in_the_background() -> None:
    """A shell script lets what it starts with & ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    zygote = Zygote()
    signal.signal(signal.SIGINT, before)
    slot = Slot(zygote.address)
    execution = Execution(slot, Limits(cell_seconds=1), {})
    _, after = (execution.cell(source) for source in ("while True: pass", "1 + 1"))
    execution.close()
    slot.close()
    zygote.close()
    assert shown(after.outputs) == "2"


def test_killed_while_it_starts_it_keeps_nobody_waiting() -> None:
    """Bubblewrap's second process waits for its first, which may be the one that was killed."""

    def ask(address: str) -> None:
        with suppress(SandboxLostError):
            Slot(address).close()

    for delay in range(30):
        zygote = Zygote()
        time.sleep(delay / 3_000)
        zygote.process.kill()
        asking = threading.Thread(target=ask, args=(zygote.address,), daemon=True)
        asking.start()
        asking.join(60)
        assert not asking.is_alive()
        zygote.close()


def _runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_standard_library_can_be_imported_late(run: Run) -> None:
    (done,) = run("import encodings.idna, wave, torch.distributions\n1")
    assert shown(done.outputs) == "1"


@pytest.mark.slow
def test_ordinary_user_grades_as_well(course: Path, stock: Path) -> None:
    done = subprocess.run(
        [*ORDINARY, str(TOOLS / "torchproof"), "grade", "01_tensors", "--seed=0"],
        cwd=course,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert rows(url(course)) == rows(url(stock))


@pytest.mark.slow
def test_ordinary_user_has_the_same_wall(course: Path) -> None:
    doctor = [*ORDINARY, str(TOOLS / "torchproof"), "doctor"]
    done = subprocess.run(doctor, capture_output=True)
    assert (done.returncode, b"NOT" in done.stdout) == (0, False), done.stdout.decode()
