"""The links that leave the site; `python -m tests.site.links` asks whether each still answers."""

import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.site.book import PAGES, ROOT, Site

GONE = (404, 410)
"""Answers that mean a dead link; others, such as 403, are what programs get and readers do not."""


def external_links(site):
    """Collect the addresses outside the site, each with the pages that link to it."""
    found = {}
    for page in PAGES:
        for link in site.parse(page).select('a[href^="http"]'):
            found.setdefault(link["href"].partition("#")[0], set()).add(page)
    return found


def fault(address):
    """Ask for an address; say what is wrong with it, or nothing."""
    request = Request(address, headers={"User-Agent": "Mozilla/5.0 (link check of a course)"})
    try:
        with urlopen(request, timeout=30):
            return None
    except HTTPError as error:
        return str(error) if error.code in GONE else None
    except (URLError, TimeoutError) as error:
        return str(error)


def main():
    """Print the dead links of the built site and count them."""
    found = external_links(Site(ROOT / "_build" / "html", 0, ""))
    with ThreadPoolExecutor(8) as pool:
        faults = dict(zip(found, pool.map(fault, found), strict=True))
    dead = {address: why for address, why in faults.items() if why}
    for address, why in dead.items():
        print(f"{address}: {why}; linked from {', '.join(sorted(found[address]))}")
    print(f"{len(found)} links, {len(dead)} dead")
    return len(dead)


if __name__ == "__main__":
    sys.exit(bool(main()))
