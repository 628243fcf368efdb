"""What the documents treat and say, and the cells that treat and show it."""

import ast
from collections import defaultdict

import pytest

from _ext.coverage_pages import VERDICTS, cells, lessons, places, read, tags
from tests.notebooks.test_lessons import LESSONS, ROOT

TOPICS = [f"topic:{row['id']}" for row in read("topics")]
CLAIMS = {f"claim:{row['id']}": row for row in read("claims")}
# What no code can show, though it is not unverifiable.
BY_TEXT = {
    "claim:c003-kfold-name": "a Chinese word",
    "claim:c001-dl-feature-engineering": "what two words mean",
    "claim:c001-samuel-1959": "a matter of history",
}


@pytest.fixture(scope="module")
def tagged() -> dict[str, list]:
    found = defaultdict(list)
    for _, cell in cells():
        for tag in tags(cell):
            found[tag].append(cell)
    return found


def source(cell) -> str:
    return "".join(cell["source"])


def asserts(cell) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(source(cell))))


def test_every_topic_is_treated(tagged):
    assert [topic for topic in TOPICS if topic not in tagged] == []


def test_every_claim_is_shown(tagged):
    assert [claim for claim in CLAIMS if claim not in tagged] == []


def test_no_id_is_unknown(tagged):
    assert sorted(tagged.keys() - CLAIMS.keys() - set(TOPICS)) == []


def test_no_id_is_given_twice():
    assert len({*TOPICS, *CLAIMS}) == len(read("topics")) + len(read("claims"))


def test_code_that_shows_a_claim_asserts(tagged):
    shown = [(claim, cell) for claim in CLAIMS for cell in tagged[claim]]
    code = [(claim, cell) for claim, cell in shown if cell["cell_type"] == "code"]
    assert [(claim, cell["id"]) for claim, cell in code if not asserts(cell)] == []


def test_text_alone_serves_only_where_no_code_can_show_it(tagged):
    by_text = {
        claim
        for claim in CLAIMS
        if tagged[claim] and all(cell["cell_type"] == "markdown" for cell in tagged[claim])
    }
    allowed = {claim for claim, row in CLAIMS.items() if row["verdict"] == "unverifiable"}
    assert by_text - allowed == BY_TEXT.keys()


def test_verdicts_are_known_and_corrections_given():
    bare = [
        claim
        for claim, row in CLAIMS.items()
        if row["verdict"] not in VERDICTS
        or (row["verdict"] in ("imprecise", "wrong", "outdated") and not row["correct_value"])
    ]
    assert bare == []


def test_a_claim_leads_to_code_where_there_is_some(tagged):
    kinds = {(document, cell["id"]): cell["cell_type"] for document, cell in cells()}
    text = {claim for claim in CLAIMS if kinds[places()[claim]] == "markdown"}
    assert [c for c in text if any(cell["cell_type"] == "code" for cell in tagged[c])] == []


def test_every_lesson_is_looked_at():
    paths = [path.relative_to(ROOT).with_suffix("").as_posix() for path in LESSONS]
    assert sorted(paths) == sorted(lessons())
