from tests.site.book import PAGES


def test_build_has_no_warnings(site):
    assert site.status == 0, site.log


def test_only_the_pages_of_the_contents_are_built(site):
    built = {path.relative_to(site.root).with_suffix("").as_posix() for path in html(site)}
    assert built == {*PAGES, "search", "404"}


def html(site):
    return [path for path in site.root.rglob("*.html") if "_static" not in path.parts]
