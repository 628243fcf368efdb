"""The command line: parses, calls, prints."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from torchproof.errors import StartedError, TorchproofError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()


@app.callback()
def main() -> None:
    """Torchproof: a deep-learning course whose every exercise is checked against PyTorch."""
    # nbgrader calls alembic by name; it lies beside this Python, activated or not.
    tools = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])


@app.command()
def start(
    assignment: Annotated[str, typer.Argument(help="As in 04_losses, losses or 4.")],
    folder: Annotated[Path, typer.Option(help="Where you work.")] = Path("work"),
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
) -> None:
    """Copy an assignment's notebook to where you work; never over what is there."""
    from torchproof.learning.start import start

    try:
        notebooks = start(course, assignment, folder)
    except StartedError as error:
        console.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from error
    except TorchproofError as error:
        raise typer.BadParameter(str(error)) from error
    for notebook in notebooks:
        console.print(f"Open next, in JupyterLab: {escape(str(notebook))}", soft_wrap=True)


@app.command()
def progress(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Notebooks or folders; work/, or else exercises/, if not set."),
    ] = None,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Read the saved outputs and run nothing.")
    ] = False,
    cell_seconds: Annotated[float, typer.Option(min=1, help="Time for a cell.")] = 120,
    notebook_seconds: Annotated[float, typer.Option(min=1, help="Time for a notebook.")] = 600,
) -> None:
    """Run your notebooks and show which exercises pass, and what comes next."""
    from torchproof.learning.progress import recorded as read
    from torchproof.learning.run import run_all
    from torchproof.learning.show import Progress

    try:
        sheets = read(paths or [])
        if not recorded:
            sheets = run_all(sheets, cell_seconds, notebook_seconds, console)
    except TorchproofError as error:
        raise typer.BadParameter(str(error)) from error
    Progress(sheets, ran=not recorded).print(console)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="The course folder to make.")],
    assignment: Annotated[str, typer.Argument(help="The assignment to hand in.")] = "01_tensors",
    learners: Annotated[int, typer.Option(min=1, help="How many learners hand in.")] = 30,
) -> None:
    """Make a course folder in which a made-up class has handed in an assignment of this course."""
    from torchproof.grading.sample import build

    try:
        build(Path.cwd(), folder, assignment, learners)
    except TorchproofError as error:
        raise typer.BadParameter(str(error)) from error
    console.print(f"{learners} submissions of {assignment} lie in {folder / 'submitted'}.")


@app.command()
def scores(
    assignment: Annotated[str, typer.Argument(help="The assignment to show.")],
    folder: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
) -> None:
    """Print what every learner scored, from the gradebook."""
    from torchproof.grading.scores import table

    gradebook = folder.resolve() / "gradebook.db"
    if not gradebook.exists():
        raise typer.BadParameter(f"There is no gradebook in {folder}; grade the assignment first.")
    try:
        console.print(table(f"sqlite:///{gradebook}", assignment))
    except TorchproofError as error:
        raise typer.BadParameter(str(error)) from error
    console.print(f"gradebook: {folder / 'gradebook.db'}")
    console.print(f"feedback:  {folder / 'feedback'}/<learner>/{assignment}/")


@app.command()
def report(
    assignment: Annotated[str, typer.Argument(help="The assignment to report on.")],
    folder: Annotated[Path, typer.Option(help="The course folder, as in build/class.")] = Path(),
    canvas_id: Annotated[
        int | None, typer.Option(help="The assignment's number in Canvas, if it is there already.")
    ] = None,
) -> None:
    """Write what a class scored and where it went wrong: a page, tables, grades to import."""
    from torchproof.grading.class_report import write_report

    try:
        written, said = write_report(folder, assignment, canvas_id)
    except TorchproofError as error:
        raise typer.BadParameter(str(error)) from error
    for sentence in said:
        console.print(escape(sentence), soft_wrap=True)
    for path in sorted(written.iterdir()):
        console.print(escape(str(path)), soft_wrap=True)


@app.command()
def grade(
    assignments: Annotated[list[str], typer.Argument(help="The assignments to grade.")],
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
    workers: Annotated[
        int | None, typer.Option(min=1, help="Worker processes; as many as processors if not set.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask scheduler to grade with, as in tcp://host:8786.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again who is graded.")] = False,
    sandbox: Annotated[bool, typer.Option(help="Run submissions inside bubblewrap.")] = True,
    feedback: Annotated[bool, typer.Option(help="Write feedback pages.")] = True,
    seed: Annotated[
        int | None, typer.Option(help="Draw all cases from this seed, to replay; fresh if not set.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    cell_seconds: Annotated[
        float | None, typer.Option(help="Time for a cell; the course's Execute.timeout if not set.")
    ] = None,
    notebook_seconds: Annotated[float, typer.Option(help="Time for a notebook.")] = 600,
    memory_mib: Annotated[int, typer.Option(help="Memory for a submission.")] = 2048,
    processes: Annotated[int, typer.Option(help="Processes and threads at a time.")] = 128,
    file_mib: Annotated[int, typer.Option(help="What a submission may write.")] = 64,
    output_kib: Annotated[int, typer.Option(help="What a cell may show.")] = 4096,
    submitted_mib: Annotated[int, typer.Option(help="The size of a submitted file.")] = 32,
) -> None:
    """Grade what a class handed in: scores to nbgrader's gradebook, pages to feedback/."""
    from torchproof.grading.grade_class import Options, grade_class
    from torchproof.grading.limits import Limits

    limits = Limits(
        cell_seconds=cell_seconds,
        notebook_seconds=notebook_seconds,
        memory_mib=memory_mib,
        processes=processes,
        file_mib=file_mib,
        output_kib=output_kib,
        submitted_mib=submitted_mib,
    )
    options = Options(workers, scheduler, force, sandbox, feedback, as_json, seed)
    raise typer.Exit(grade_class(course, assignments, options, limits, console))


@app.command()
def doctor() -> None:
    """Say what this machine can enforce when it grades, and what to install."""
    from torchproof.grading.doctor import examine, show

    findings = examine()
    show(console, findings)
    raise typer.Exit(0 if all(each.fine or not each.needed for each in findings) else 1)


if __name__ == "__main__":
    app()
