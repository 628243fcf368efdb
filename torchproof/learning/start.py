"""Starting an assignment: its files copied to where a learner works, and nothing overwritten."""

import difflib
import shutil
from pathlib import Path

from torchproof.errors import StartedError, TorchproofError


def start(course: Path, name: str, folder: Path) -> list[Path]:
    """Copy an assignment's release into a folder to work in.

    Args:
        course: the course folder, with the releases in ``exercises/``.
        name: the assignment, as in ``04_losses``, ``losses`` or ``4``.
        folder: where to work; the assignment gets a folder of its own in it.

    Returns:
        The notebooks to work in.

    Raises:
        TorchproofError: there is no such assignment.
        StartedError: the folder holds a file of the assignment already; nothing was copied.
    """
    release = course / "exercises" / find_assignment(course, name)
    target = folder / release.name
    files = [path.relative_to(release) for path in sorted(release.rglob("*")) if path.is_file()]
    files = [path for path in files if not any(part.startswith(".") for part in path.parts)]
    there = [target / path for path in files if (target / path).exists()]
    if there:
        raise StartedError(
            f"{there[0]} is there already and stays as it is. "
            "Go on in it; to start afresh beside it, name another folder with --folder."
        )
    for path in files:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(release / path, target / path)
    return [target / path for path in files if path.suffix == ".ipynb"]


def find_assignment(course: Path, name: str) -> str:
    """Return the assignment that is called by its name, its topic or its number.

    Raises:
        TorchproofError: there is none; the message names the nearest.
    """
    known = assignments(course)
    if not known:
        raise TorchproofError(
            f"There are no assignments in {course / 'exercises'}. "
            "Run this in the folder of the course, or name that folder with --course."
        )
    called = {alias: each for each in known for alias in _aliases(each)}
    wanted = name.strip().rstrip("/").lower()
    if wanted not in called:
        close = difflib.get_close_matches(wanted, called, n=3, cutoff=0.6)
        near = dict.fromkeys(called[alias] for alias in close) or known
        meant = " or ".join(near) if close else ", ".join(near)
        raise TorchproofError(
            f"There is no assignment {name!r}. "
            + (f"Did you mean {meant}?" if close else f"There are {meant}.")
        )
    return called[wanted]


def assignments(course: Path) -> list[str]:
    """Return the names of all assignments of a course, in order."""
    return sorted({path.parent.name for path in (course / "exercises").glob("*/*.ipynb")})


def _aliases(assignment: str) -> list[str]:
    number, _, topic = assignment.partition("_")
    if not (number.isdecimal() and topic):
        return [assignment.lower()]
    return [assignment.lower(), topic.lower(), number, str(int(number))]
