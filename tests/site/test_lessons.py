"""Lessons and exercises know each other, and a lesson says how long and how difficult it is."""

import csv
import re

import pytest

from tests.site.book import EXERCISES, LESSONS, ROOT

LEVELS = ("first steps", "steady", "demanding")


def difficulties():
    with (ROOT / "chapters/difficulty.csv").open(encoding="utf-8", newline="") as file:
        return {f"chapters/{row['lesson']}": row["difficulty"] for row in csv.DictReader(file)}


def chapter(page):
    return page.split("/")[1]


def minutes(lesson):
    index = (ROOT / "chapters" / chapter(lesson) / "index.md").read_text("utf-8")
    name = lesson.rpartition("/")[2]
    return re.search(rf"\]\({name}\.ipynb\) \|.*\| (\d+) \|$", index, re.MULTILINE)[1]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_has_one_of_three_difficulties(lesson):
    assert difficulties()[lesson] in LEVELS


@pytest.mark.parametrize("lesson", difficulties())
def test_table_of_difficulties_holds_lessons_only(lesson):
    index = (ROOT / "chapters" / chapter(lesson) / "index.md").read_text("utf-8")
    assert f"]({lesson.rpartition('/')[2]}.ipynb) |" in index


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson_says_how_long_and_how_difficult_it_is(site, lesson):
    line = site.parse(lesson).select_one("h1 + p.facts").get_text()
    assert line.startswith(f"{minutes(lesson)} minutes · {difficulties()[lesson]} · ")


@pytest.mark.parametrize("lesson", LESSONS)
def test_text_of_a_lesson_leads_to_its_exercises(lesson):
    name = chapter(lesson)
    target = f"](../../exercises/{name}/{name.partition('_')[2]}.ipynb"
    assert target in (ROOT / f"{lesson}.ipynb").read_text("utf-8")


@pytest.mark.parametrize("page", EXERCISES)
def test_exercises_lead_to_all_lessons_of_their_chapter(site, page):
    links = site.parse(page).select("article p.facts a")
    assert [f"chapters/{link['href'].partition('chapters/')[2]}" for link in links] == [
        f"{lesson}.html" for lesson in LESSONS if chapter(lesson) == chapter(page)
    ]


@pytest.mark.parametrize("page", EXERCISES)
def test_exercises_name_lessons_that_the_chapter_names(page):
    text = (ROOT / f"{page}.ipynb").read_text("utf-8")
    index = (ROOT / "chapters" / chapter(page) / "index.md").read_text("utf-8")
    read_first = named(text, r"(?<=\| )\d+\. `(\w+)` \|(.*?)\\n")
    assert read_first
    assert read_first <= named(index, r"^\| `(\w+)` \|(.*)")


def named(text, row):
    rows = re.findall(row, text, re.MULTILINE)
    return {(name, lesson) for name, rest in rows for lesson in re.findall(r"(\w+)\.ipynb", rest)}
