"""A gradebook's rows, without the ids that are drawn at random, to compare two gradebooks."""

from typing import Any

from nbgrader.api import Gradebook


def rows(db_url: str) -> list[tuple[Any, ...]]:
    """Return every row that grading writes, by the names it belongs to."""
    with Gradebook(db_url) as gradebook:
        found: list[tuple[Any, ...]] = [
            ("student", each.id, each.first_name, each.last_name, each.email, each.lms_user_id)
            for each in gradebook.students
        ]
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                who = (assignment.name, submission.student.id)
                found.append(("submission", *who, submission.timestamp, submission.extension))
                for notebook in submission.notebooks:
                    where = (*who, notebook.name)
                    found.append(("notebook", *where, notebook.late_submission_penalty))
                    found += [("grade", *where, *_grade(each)) for each in notebook.grades]
                    found += [
                        ("comment", *where, each.name, each.auto_comment, each.manual_comment)
                        for each in notebook.comments
                    ]
    return sorted(found, key=repr)


def _grade(grade: Any) -> tuple[Any, ...]:
    scores = (grade.auto_score, grade.manual_score, grade.extra_credit)
    return (grade.name, grade.cell_type, *scores, grade.needs_manual_grade, grade.max_score)
