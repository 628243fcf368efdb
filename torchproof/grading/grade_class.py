"""What ``torchproof grade`` does between the command line and the grader."""

import gc
import json
import os
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from torchproof.errors import MachineError, TorchproofError
from torchproof.grading.faults import telling_faults
from torchproof.grading.limits import Limits
from torchproof.grading.schedule import Cluster, Local, Place

DONE, SOME_NOT_GRADED, NOT_STARTED, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True)
class Options:
    """How a class is graded; see ``torchproof grade --help``."""

    workers: int | None = None
    scheduler: str | None = None
    force: bool = False
    wall: bool = True
    feedback: bool = True
    as_json: bool = False
    seed: int | None = None


def grade_class(
    course: Path, assignments: list[str], options: Options, limits: Limits, console: Console
) -> int:
    """Grade assignments of a course, show how it goes and return the exit status."""
    quiet = Console(stderr=True, quiet=options.as_json)
    if not options.wall:
        Console(stderr=True).print(
            "Without the sandbox, every submission runs with your rights on this machine.",
            style="bold red",
        )
    preload = ["torchproof.grading.feedback"] if options.feedback else []
    try:
        with telling_faults():
            place: Place = (
                Cluster(options.scheduler)
                if options.scheduler
                else Local(options.workers or os.cpu_count() or 1, options.wall, preload)
            )
    except TorchproofError as error:
        Console(stderr=True).print(f"Nothing was graded. {error}", soft_wrap=True)
        return NOT_STARTED
    finished = False
    try:
        with telling_faults():
            status = _grade_all(course, assignments, options, limits, place, (console, quiet))
        finished = True
        return status
    except MachineError as error:
        Console(stderr=True).print(f"Stopped. {escape(str(error))}", soft_wrap=True)
        return SOME_NOT_GRADED
    except TorchproofError as error:
        Console(stderr=True).print(f"Nothing was graded. {error}", soft_wrap=True)
        return NOT_STARTED
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped. Run it again to grade who is left.")
        return INTERRUPTED
    finally:
        place.close(wait=finished)


def _grade_all(
    course: Path,
    assignments: list[str],
    options: Options,
    limits: Limits,
    place: Place,
    consoles: tuple[Console, Console],
) -> int:
    gc.disable()  # looking for garbage would take a third of the time of these imports
    from torchproof.grading import show
    from torchproof.grading.course import Course
    from torchproof.grading.grade import Grader

    gc.freeze()
    gc.enable()
    console, quiet = consoles
    opened = Course(course)
    results = {}
    with (
        opened.alone(),
        show.progress(quiet, enabled=not options.as_json) as progress,
    ):
        for assignment in assignments:
            board = show.Board(progress, assignment, len(opened.submissions(assignment)))
            grader = Grader(
                opened,
                assignment,
                place,
                limits,
                force=options.force,
                feedback=options.feedback,
                wall=options.wall,
                seed=options.seed,
                tell=board.tell,
            )
            try:
                results[assignment] = grader.run()
            finally:
                grader.close()
    if options.as_json:
        console.print_json(json.dumps(show.as_json(results)))
    else:
        show.summarise(console, results)
    return SOME_NOT_GRADED if any(each.problems for each in results.values()) else DONE
