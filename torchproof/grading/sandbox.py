"""The wall: a warm process inside bubblewrap."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import torchproof
from torchproof.errors import NoWallError
from torchproof.grading.cgroup import sweep

_START = (
    "import sys; sys.path.insert(0, {root!r}); "
    "from torchproof.grading.inside.zygote import main; main()"
)
_SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache", "/etc/fonts",
           "/etc/localtime", "/etc/alternatives")  # fmt: skip
_ENVIRONMENT = {
    "HOME": "/home/learner",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_PACKAGE = Path(torchproof.__file__).parent
_HIDDEN = ("catalog", "grading")
_SECONDS_TO_START = 120


def command(descriptor: int, lifeline: int) -> list[str]:
    """Return the bubblewrap command that starts the warm process on a listening socket.

    The warm process ends when nobody holds the other end of the lifeline any more.

    Raises:
        NoWallError: bubblewrap is not installed.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise NoWallError(
            "The sandbox needs bubblewrap: install it with `apt install bubblewrap`, "
            "or grade without a sandbox with --no-sandbox if you trust every submission."
        )
    namespaces = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    if os.getuid() != 0:
        namespaces += ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "ALL"]
    return [
        bwrap,
        *namespaces,
        *("--die-with-parent", "--new-session", "--clearenv", "--hostname", "notebook"),
        *(part for item in _ENVIRONMENT.items() for part in ("--setenv", *item)),
        *_mounts(),
        *_python(descriptor, lifeline, "root" if os.getuid() == 0 else "user"),
    ]


def _python(descriptor: int, lifeline: int, rights: str) -> list[str]:
    start = _START.format(root=str(_PACKAGE.parent))
    arguments = (str(descriptor), str(lifeline), rights)
    return [sys.executable, "-I", "-c", start, *arguments, *_python_folders()]


def _mounts() -> list[str]:
    """List what can be seen inside: Python, its packages and the system's libraries."""
    arguments = ["--tmpfs", "/tmp"]
    folders = _python_folders()
    for parent in _parents([*folders, "/home/learner/x"]):
        arguments += ["--perms", "0755", "--dir", parent]
    for path in (*_SYSTEM, *folders):
        if Path(path).is_symlink() and path in _SYSTEM:
            arguments += ["--symlink", str(Path(path).readlink()), path]
        else:
            arguments += ["--ro-bind-try", path, path]
    inside = str(_PACKAGE / "grading" / "inside")
    for name in _HIDDEN:
        arguments += ["--perms", "0755", "--tmpfs", str(_PACKAGE / name)]
    arguments += ["--perms", "0755", "--dir", inside, "--ro-bind", inside, inside]
    for name in _HIDDEN:
        arguments += ["--remount-ro", str(_PACKAGE / name)]
    for fonts in _known_fonts():
        arguments += ["--ro-bind", str(fonts), f"{_ENVIRONMENT['MPLCONFIGDIR']}/{fonts.name}"]
    last = ("--tmpfs", "/home/learner", "--proc", "/proc", "--dev", "/dev")
    return [*arguments, *last, "--remount-ro", "/dev", "--remount-ro", "/"]


def _known_fonts() -> list[Path]:
    """List matplotlib's notes on which fonts there are; making them anew takes a while."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    return [*Path(os.environ.get("MPLCONFIGDIR") or cache).glob("fontlist-v*.json")]


def _parents(paths: Iterable[str]) -> list[str]:
    """List the folders above some paths, outermost first; others must be able to enter them."""
    above = {str(parent) for path in paths for parent in Path(path).parents}
    return sorted(above - {"/", "/tmp", *_SYSTEM})


def _python_folders() -> list[str]:
    """List the folders of the running Python, outermost first, each once."""
    paths = sysconfig.get_paths()
    folders = {
        str(_PACKAGE),
        sys.prefix,
        sys.base_prefix,
        paths["purelib"],
        paths["platlib"],
        paths["stdlib"],
    }
    folders |= {str(Path(folder).resolve()) for folder in folders}
    system = tuple(f"{folder}/" for folder in _SYSTEM)
    return sorted(folder for folder in folders if not folder.startswith(system))


class Zygote:
    """A warm process inside the wall, reached through a socket in a private folder.

    Args:
        wall: whether there is bubblewrap around it; without, learners' code runs unconfined.
    """

    def __init__(self, wall: bool = True) -> None:
        self._folder = tempfile.mkdtemp(prefix="torchproof-")
        self.address = f"{self._folder}/zygote"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(64)
            lifeline, self._lifeline = os.pipe()
            descriptors = (listener.fileno(), lifeline)
            arguments = command(*descriptors) if wall else _python(*descriptors, "open")
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115
            self.process = subprocess.Popen(
                arguments,
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=_ENVIRONMENT,
                process_group=0,
            )
            os.close(lifeline)
        threading.Thread(target=self._bury, daemon=True).start()

    def _bury(self) -> None:
        """Kill what a bubblewrap leaves behind that is killed while it starts.

        Its second process would wait for the first forever, and workers for an answer.
        """
        self.process.wait()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def why_ended(self) -> str:
        """Return what the process wrote before it ended."""
        self._errors.seek(0)
        return self._errors.read()[-2000:].decode(errors="replace").strip()

    def close(self) -> None:
        """End the process and all in it."""
        for process in [*_children(self.process.pid), self.process.pid]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()
        os.close(self._lifeline)
        self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        sweep()


def _children(process: int) -> list[int]:
    """List a process's children; bubblewrap's first is what all inside the wall depend on."""
    try:
        return [*map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
    except OSError:
        return []
