"""All attacks as one class, and a table of what becomes of each: ``python -m`` this module.

``--page attacks.md`` puts it into that page of the book.

Stock nbgrader runs notebooks with the rights of whoever calls it. So it is shown only what tampers
with scores and does no harm to the machine, in copies of the course.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_UNIX, create_server, socket
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from rich.console import Console
from rich.progress import Progress

from tests.submissions import asserts
from tests.submissions.aimed import GAINS
from tests.submissions.asserts import with_asserts
from tests.submissions.attack_table import NOT_RUN, NOTHING, Row, fill, table
from tests.submissions.hand_in import ASSIGNMENT, NOTEBOOK, ROOT, SEED, HandIn, hand_in
from tests.submissions.malformed import LEARNERS, READABLE, UNREADABLE
from tests.submissions.reaching import PORT, REACHED, REACHING, SECRET, SOCKET
from tests.submissions.resources import RESOURCES, TIME
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


def add_attackers(course: Path, headings: Mapping[str, Mapping[str, HandIn]] = HEADINGS) -> None:
    """Let every attacker hand in beside the honest learners."""
    with _listening() as port:
        (course / PORT).write_text(str(port))
    for heading, attacks in headings.items():
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


@dataclass(frozen=True)
class Graded:
    """A class that was graded, and what the machine looked like before and after."""

    course: Path
    report: dict[str, Any]
    scores: dict[str, dict[str, float]]
    seconds: float = 0
    before: dict[str, set[str]] = field(default_factory=dict)
    after: dict[str, set[str]] = field(default_factory=dict)

    @property
    def problems(self) -> dict[str, dict[str, str]]:
        return {each["learner"]: each for each in self.report["problems"]}

    def page(self, learner: str) -> str:
        return (self.course / "feedback" / learner / ASSIGNMENT / "tensors.html").read_text()

    def given(self, learner: str) -> str:
        """Return the points as the table has them."""
        if learner in self.problems:
            return NOTHING
        return f"{sum(self.scores[learner].values()):g}"


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


def _graded(folder: Path, headings: Mapping[str, Mapping[str, HandIn]], plain: bool) -> Graded:
    """Make a class of one honest learner and the attackers, with check or plain asserts."""
    course = folder / "course"
    honest_class(course, 1)
    if plain:
        with_asserts(course)
    add_attackers(course, headings)
    report = grade(course, folder / "temporary", "--no-feedback")
    return Graded(course, report, scores(course))


def _outcome(heading: str, name: str, check: Graded) -> str:
    """Say in a few words what came of an attack."""
    text = "" if name in check.problems else shown(check.course, name)
    if heading == "tampering":
        return GAINS.get(name, "held")
    if heading == "resources":
        said = RESOURCES[name][1]
        return "no harm" if not said else said if re.search(said, text) else TIME
    if heading == "reaching out":
        return "reached" if REACHED in text else "denied"
    return check.problems[name]["reason"] if name in check.problems else "graded"


def rows(check: Graded, plain: Graded, stock: Mapping[str, str]) -> dict[str, list[Row]]:
    """Put together what became of each attack."""
    return {
        heading: [
            Row(
                name,
                stock.get(name, NOTHING),
                check.given(name),
                plain.given(name) if name in asserts.HEADINGS[heading] else NOT_RUN,
                _outcome(heading, name, check),
            )
            for name in attacks
        ]
        for heading, attacks in HEADINGS.items()
    }


def main() -> None:
    """Hand everything in, grade it, and print the table or put it into a page."""
    parser = ArgumentParser(description=main.__doc__)
    parser.add_argument("--page", type=Path, help="the page of the book to put new tables into")
    to = parser.parse_args().page
    console = Console()
    with tempfile.TemporaryDirectory(prefix="attacks-") as name, Progress(console=console) as bars:
        folder = Path(name)
        steps = bars.add_task("torchproof grades, with check", total=2)
        check = _graded(folder / "check", HEADINGS, plain=False)
        bars.update(steps, advance=1, description="torchproof grades, with plain asserts")
        plain = _graded(folder / "asserts", asserts.HEADINGS, plain=True)
        bars.update(steps, advance=1, description="torchproof has graded all of it")
        bare = folder / "bare" / "course"
        honest_class(bare, 1)
        for learner, attack in TAMPERING.items():
            hand_in(bare, learner, attack, right=False)
        made = rows(check, plain, _stock(bare, folder / "bare", bars))
    if to:
        to.write_text(fill(to.read_text("utf-8"), made), "utf-8")
    else:
        console.print(table(made))


if __name__ == "__main__":
    main()
