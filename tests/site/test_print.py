"""A page on paper: the text and nothing to press, every answer unfolded, every picture there."""

import re

import pytest

PAGE = "chapters/03_activations/softmax"
HIDDEN = (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".headerlink", "button")
LUMINANCE = """at => {
  const [r, g, b] = getComputedStyle(at)[NAME].match(/[\\d.]+/g).map(Number)
  return (r + g + b) / 3 / 255
}"""


@pytest.fixture(scope="module", params=["light", "dark"])
def paper(browser, base, request):
    with browser.new_page(color_scheme=request.param) as tab:
        tab.goto(f"{base['http']}/{PAGE}.html", wait_until="networkidle")
        tab.emulate_media(media="print")
        yield tab


@pytest.mark.parametrize("what", HIDDEN)
def test_what_can_be_pressed_is_left_out(paper, what):
    assert paper.locator(what).count() > 0
    assert paper.locator(what).filter(visible=True).count() == 0


def test_title_stands_once(paper):
    assert paper.locator("h1").filter(visible=True).count() == 1


def test_answers_are_unfolded(paper):
    answers = paper.locator("article details:not([open]) > p").all()
    assert answers
    assert all(answer.bounding_box()["height"] > 10 for answer in answers)


def test_pictures_have_come(paper):
    paper.wait_for_function("[...document.images].every(it => it.complete && it.naturalWidth)")


def test_pictures_are_not_cut(paper):
    cut = "all => all.filter(it => getComputedStyle(it).breakInside != 'avoid').length"
    assert paper.eval_on_selector_all(".cell_output figure", cut) == 0


@pytest.mark.parametrize("what", ["article p", ".highlight .n", ".highlight .kn", "article p a"])
def test_letters_are_dark(paper, what):
    assert paper.locator(what).first.evaluate(LUMINANCE.replace("NAME", "'color'")) < 0.35


def test_links_that_leave_the_site_show_their_address(browser, base):
    with browser.new_page() as tab:
        tab.goto(f"{base['http']}/index.html")
        tab.emulate_media(media="print")
        after = "at => getComputedStyle(at, '::after').content"
        shown = tab.locator("article a.external").first.evaluate(after)
    assert re.search(r"https://", shown)


def test_print_makes_a_document(paper):
    assert paper.pdf(format="A4").startswith(b"%PDF")
