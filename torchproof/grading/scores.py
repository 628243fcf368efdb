"""The scores of an assignment, read from nbgrader's gradebook."""

from nbgrader.api import Gradebook
from rich import box
from rich.table import Column, Table


def table(db_url: str, assignment: str) -> Table:
    """Return a table of every learner's score for each graded cell, and the total.

    Args:
        db_url: where the gradebook lies, as nbgrader's configuration has it.
        assignment: the name of the assignment.
    """
    with Gradebook(db_url) as gradebook:
        submissions = gradebook.assignment_submissions(assignment)
        cells = [
            cell
            for notebook in gradebook.find_assignment(assignment).notebooks
            for cell in notebook.grade_cells
        ]
        total = sum(cell.max_score for cell in cells)
        headings = [(cell.name.removeprefix("check_"), cell.max_score) for cell in cells]
        columns = [
            Column(f"{name.replace('_', ' ')} /{score:g}", justify="right", overflow="fold")
            for name, score in [*headings, ("total", total)]
        ]
        learner = Column("learner", no_wrap=True)
        result = Table(learner, *columns, title=assignment, box=box.SIMPLE_HEAD)
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
