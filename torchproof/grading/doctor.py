"""What this machine can enforce when it grades, and what to install where it cannot."""

import os
import shutil
import subprocess
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from torchproof.grading.limits import Limits
from torchproof.grading.run import Execution
from torchproof.grading.sandbox import Zygote
from torchproof.grading.slot import Slot


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: what it is.
        fine: whether it is as it should be.
        text: what was found, or what to do.
        needed: whether grading stops without it.
    """

    what: str
    fine: bool
    text: str
    needed: bool = True


_PROBES = {
    "no network": "import socket\nsocket.create_connection(('1.1.1.1', 53), 2)",
    "no new namespaces": (
        "import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0, 'refused'"
    ),
    "read-only system": "open('/etc/torchproof', 'w')",
    "own processes only": "import os\nassert sum(map(str.isdigit, os.listdir('/proc'))) > 1",
    "no privileges": "import os\nos.setuid(0)",
    "memory limit": "x = bytearray(2**31)",
}
"""Code that must fail inside the wall."""

_TOGETHER = """
import os
for _ in range(4):
    read, write = os.pipe()
    if os.fork() == 0:
        held = bytearray(256 * 2**20)
        os.write(write, b"!")
        os.read(read, 1)
        os._exit(0)
    os.close(write)
    assert os.read(read, 1) == b"!"
"""


def examine() -> list[Finding]:
    """Build the wall, try to reach through it, and say what was found."""
    path = shutil.which("bwrap")
    if path is None:
        text = "not installed: apt install bubblewrap (or dnf, pacman)"
        return [Finding("bubblewrap", False, text)]
    version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout.strip()
    findings = [Finding("bubblewrap", True, f"{version} at {path}")]
    user = "root, submissions run as a user without rights" if os.getuid() == 0 else "ordinary user"
    findings.append(Finding("rights", True, user))
    zygote = Zygote()
    try:
        return findings + _probe(zygote)
    finally:
        zygote.close()


def _probe(zygote: Zygote) -> list[Finding]:
    try:
        slot = Slot(zygote.address)
        execution = Execution(slot, Limits(cell_seconds=30, memory_mib=512), {})
        started = execution.cell("1")
    except Exception as error:
        return [_broken(zygote, str(error))]
    if not started.ok:
        return [_broken(zygote, execution.ended)]
    findings = [Finding("wall", True, "a submission starts inside it")]
    for what, code in _PROBES.items():
        held = not execution.cell(code).ok and not execution.ended
        text = "enforced" if held else "NOT enforced on this machine"
        findings.append(Finding(what, held, text))
    execution.close()
    findings.append(_together(slot))
    slot.close()
    return findings


def _together(slot: Slot) -> Finding:
    """See whether processes that keep to the limit one by one can break it together."""
    execution = Execution(slot, Limits(cell_seconds=30, memory_mib=512), {})
    survived = execution.cell(_TOGETHER).ok
    execution.close()
    text = (
        "each process is limited, all together are not: it takes root, or a delegated cgroup"
        if survived
        else "enforced"
    )
    return Finding("memory of all processes", not survived, text, needed=False)


def _broken(zygote: Zygote, error: str) -> Finding:
    said = zygote.why_ended().splitlines()
    text = f"cannot be built: {said[-1] if said else error}. "
    text += "Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, and on Ubuntu "
    text += "an AppArmor profile for bwrap), or in a container run it with --privileged."
    return Finding("wall", False, text)


def show(console: Console, findings: list[Finding]) -> None:
    """Print one line for each finding."""
    for each in findings:
        mark = "[green]✓[/]" if each.fine else "[red]✗[/]"
        console.print(f"{mark} {each.what}: {escape(each.text)}", soft_wrap=True)
