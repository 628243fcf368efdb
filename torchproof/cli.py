"""The command line: parses, calls, prints."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from torchproof.errors import TorchproofError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()


@app.callback()
def main() -> None:
    """Torchproof: a deep-learning course whose every exercise is checked against PyTorch."""


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
    console.print(table(f"sqlite:///{gradebook}", assignment))
    console.print(f"gradebook: {folder / 'gradebook.db'}")
    console.print(f"feedback:  {folder / 'feedback'}/<learner>/{assignment}/")
