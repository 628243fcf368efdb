"""The scores of an assignment, read from nbgrader's gradebook."""

from nbgrader.api import Gradebook
from rich import box
from rich.table import Table

from torchproof.errors import TorchproofError


def table(db_url: str, assignment: str) -> Table:
    """Return a table of every learner's score for each graded cell, and the total.

    Args:
        db_url: where the gradebook lies, as nbgrader's configuration has it.
        assignment: the name of the assignment.

    Raises:
        TorchproofError: the gradebook does not know the assignment.
    """
    with Gradebook(db_url) as gradebook:
        if assignment not in [each.name for each in gradebook.assignments]:
            raise TorchproofError(f"The gradebook knows no assignment {assignment!r}.")
        submissions = gradebook.assignment_submissions(assignment)
        cells = [
            cell
            for notebook in gradebook.find_assignment(assignment).notebooks
            for cell in notebook.grade_cells
        ]
        total = sum(cell.max_score for cell in cells)
        names = [cell.name.removeprefix("check_") for cell in cells]
        numbered = ", ".join(f"{number} {name}" for number, name in enumerate(names, start=1))
        columns = [f"{number}\n/{cell.max_score:g}" for number, cell in enumerate(cells, start=1)]
        result = Table(title=assignment, caption=numbered, box=box.SIMPLE_HEAD)
        result.add_column("learner", no_wrap=True)
        for column in [*columns, f"total\n/{total:g}"]:
            result.add_column(column, justify="right")
        for submission in sorted(submissions, key=lambda each: each.student.id):
            grades = {
                (notebook.name, grade.name): grade.score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            scores = [grades.get((cell.notebook.name, cell.name), 0.0) for cell in cells]
            result.add_row(
                submission.student.id, *(f"{score:g}" for score in scores), f"{sum(scores):g}"
            )
        return result
