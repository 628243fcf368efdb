"""All attacks as one class, and a table of what becomes of each: ``python -m`` this module.

Stock nbgrader runs notebooks with the rights of whoever calls it. So it is shown only what tampers
with scores and does no harm to the machine, in copies of the course.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socket import AF_UNIX, create_server, socket
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from tests.submissions.hand_in import ASSIGNMENT, NOTEBOOK, ROOT, SEED, HandIn, hand_in
from tests.submissions.malformed import LEARNERS, READABLE, UNREADABLE
from tests.submissions.reaching import PORT, REACHING, SECRET, SOCKET
from tests.submissions.resources import RESOURCES
from tests.submissions.tampering import TAMPERING
from torchproof.grading.sample import build

HEADINGS: dict[str, dict[str, HandIn]] = {
    "tampering": TAMPERING,
    "resources": {name: attack for name, (attack, _) in RESOURCES.items()},
    "reaching out": REACHING,
    "malformed": {name: fault[0] for name, fault in (UNREADABLE | READABLE).items()} | LEARNERS,
}
HONEST = 10
WORKERS = 2
NOTEBOOK_SECONDS = 15
OPTIONS = (
    "--json",
    f"--seed={SEED}",
    f"--workers={WORKERS}",
    "--cell-seconds=4",
    f"--notebook-seconds={NOTEBOOK_SECONDS}",
    "--memory-mib=1024",
    "--processes=64",
    "--file-mib=32",
)
_STOCK_SECONDS, _AT_ONCE = 60, 4
_TOOLS = Path(sys.executable).parent


def honest_class(course: Path, learners: int = HONEST) -> None:
    """Make a course in which honest learners have handed in."""
    build(ROOT, course, ASSIGNMENT, learners)


def add_attackers(course: Path) -> None:
    """Let every attacker hand in beside the honest learners."""
    with _listening() as port:
        (course / PORT).write_text(str(port))
    for heading, attacks in HEADINGS.items():
        for learner, attack in attacks.items():
            hand_in(course, learner, attack, right=heading != "tampering")


def grade(course: Path, folder: Path, *options: str) -> dict[str, Any]:
    """Grade a class with the real command, its temporary files in a folder, and return its report.

    Meanwhile there is something to be found for who reaches out: a port and an abstract socket
    that are listened on, and a variable in the environment.
    """
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(folder), SECRET: "1"}
    port = int((course / PORT).read_text()) if (course / PORT).exists() else 0
    with _listening(port):
        done = subprocess.run(
            [str(_TOOLS / "torchproof"), "grade", ASSIGNMENT, *OPTIONS, *options],
            cwd=course,
            env=environment,
            capture_output=True,
            text=True,
        )
    assert done.returncode in (0, 1), done.stderr
    report: dict[str, Any] = json.loads(done.stdout)[ASSIGNMENT]
    return report


@contextmanager
def _listening(port: int = 0) -> Iterator[int]:
    """Listen on a port of the loopback and on an abstract socket."""
    with ExitStack() as stack:
        server = stack.enter_context(create_server(("127.0.0.1", port)))
        abstract = stack.enter_context(socket(AF_UNIX))
        abstract.bind(f"\0{SOCKET}")
        abstract.listen()
        yield server.getsockname()[1]


def scores(course: Path) -> dict[str, dict[str, float]]:
    """Return what the gradebook has for each learner and exercise."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {
                grade.name.removeprefix("check_"): grade.score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def shown(course: Path, learner: str) -> str:
    """Return as text all that a graded notebook's cells show."""
    path = course / "autograded" / learner / ASSIGNMENT / NOTEBOOK
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    parts = [part for output in outputs for part in _texts(output)]
    return "\n".join(parts)


def _texts(output: Any) -> Iterator[str]:
    yield output.get("text", "")
    yield f"{output.get('ename', '')}: {output.get('evalue', '')}"
    yield str(output.get("data", {}).get("text/plain", ""))


def stock_scores(course: Path, learners: Sequence[str], folder: Path) -> dict[str, str]:
    """Return what stock nbgrader gives some learners, graded in a copy of the course."""
    own = Path(tempfile.mkdtemp(dir=folder)) / "course"
    shutil.copytree(course, own, ignore=shutil.ignore_patterns("submitted"))
    for learner in learners:
        shutil.copytree(course / "submitted" / learner, own / "submitted" / learner)
    environment = {**os.environ, "PATH": f"{_TOOLS}:{os.environ['PATH']}", "TMPDIR": str(own)}
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT]
    with suppress(subprocess.TimeoutExpired):
        seconds = _STOCK_SECONDS * len(learners)
        subprocess.run(command, cwd=own, env=environment, capture_output=True, timeout=seconds)
    found = scores(own)
    graded = [learner for learner in learners if (own / "autograded" / learner).exists()]
    given = {learner: f"{sum(found[learner].values()):g}" for learner in graded}
    return dict.fromkeys(learners, "none") | given


def _stock(course: Path, folder: Path, progress: Progress) -> dict[str, str]:
    task = progress.add_task("stock nbgrader, tampering only", total=len(TAMPERING))
    names = [*TAMPERING]
    found: dict[str, str] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        chunks = [names[i : i + _AT_ONCE] for i in range(0, len(names), _AT_ONCE)]
        calls = [pool.submit(stock_scores, course, chunk, folder) for chunk in chunks]
        for call in as_completed(calls):
            found |= call.result()
            progress.advance(task, len(call.result()))
    return found


def table(course: Path, report: dict[str, Any], stock: dict[str, str]) -> Table:
    """Put together what became of each attack."""
    reasons = {
        each["learner"]: f"{each['status']}: {each['reason']}" for each in report["problems"]
    }
    ours = scores(course)
    made = Table(title="Attacks", box=box.SIMPLE_HEAD, title_justify="left")
    made.add_column("attack")
    made.add_column("stock", justify="right")
    made.add_column("ours", justify="right")
    made.add_column("outcome")
    for heading, attacks in HEADINGS.items():
        made.add_section()
        made.add_row(f"[bold]{heading}[/]")
        for name in attacks:
            own = "–" if name in reasons else f"{sum(ours[name].values()):g}"
            made.add_row(
                escape(name), stock.get(name, "–"), own, escape(reasons.get(name, "graded"))
            )
    return made


def main() -> None:
    """Hand everything in, grade it, and print the table."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="attacks-") as name, Progress(console=console) as bars:
        folder = Path(name)
        steps = bars.add_task("a class of attackers is made", total=2)
        honest_class(folder / "course", 1)
        bare = Path(shutil.copytree(folder / "course", folder / "bare"))
        for learner, attack in TAMPERING.items():
            hand_in(bare, learner, attack, right=False)
        add_attackers(folder / "course")
        bars.update(steps, advance=1, description="torchproof grades all of it")
        report = grade(folder / "course", folder / "temporary", "--no-feedback")
        bars.update(steps, advance=1, description="torchproof has graded all of it")
        (folder / "stock").mkdir()
        made = table(folder / "course", report, _stock(bare, folder / "stock", bars))
    console.print(made)
    console.print(
        "Every tampering notebook is wrong throughout and deserves 0 of 39, but for a point that "
        "hard-coded results may be right about.\n"
        "– under stock: not run, for stock nbgrader runs every notebook with your rights on this "
        "machine; none: it failed and gave no score.\n"
        "– under ours: unreadable, and so without a score."
    )


if __name__ == "__main__":
    main()
