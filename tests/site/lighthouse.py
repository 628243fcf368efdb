"""Scores of Lighthouse for a few pages; `python -m tests.site.lighthouse` prints a table.

Lighthouse is an npm package (`npm install --global lighthouse`), which the project does not
install, so this does not run in CI. The site is the one in `_build`, as `make site` leaves it,
served compressed, as hosts do.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.site.book import ROOT
from tests.site.visits import BROWSERS, Quiet, serving

PAGES = (
    "index",
    "chapters/03_activations/softmax",
    "chapters/08_cnn/kernels",
    "exercises/08_cnn/cnn",
    "teaching",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
WANTED = 95


class Compressing(Quiet):
    """Serves files compressed."""

    def do_GET(self):  # noqa: N802, the name that http.server calls
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return super().do_GET()
        data = gzip.compress(path.read_bytes())
        self.send_response(200)
        for name, value in {
            "Content-Type": self.guess_type(path),
            "Content-Encoding": "gzip",
            "Content-Length": str(len(data)),
            "Cache-Control": "max-age=600",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        return None


def program():
    """Find Lighthouse, by itself or through npx, without installing anything."""
    if found := shutil.which("lighthouse"):
        return [found]
    npx = [shutil.which("npx") or "npx", "--no-install", "lighthouse"]
    try:
        subprocess.run([*npx, "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        sys.exit("Lighthouse is not installed; `npm install --global lighthouse` gets it.")
    return npx


def scores(lighthouse, address):
    """Run Lighthouse on an address: its report."""
    chrome = next(filter(None, map(shutil.which, BROWSERS)), "")
    options = [
        "--quiet",
        "--preset=desktop",
        "--output=json",
        "--chrome-flags=--headless --no-sandbox",
    ]
    options.append(f"--only-categories={','.join(CATEGORIES)}")
    done = subprocess.run(
        [*lighthouse, address, *options],
        env=os.environ | ({"CHROME_PATH": chrome} if chrome else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def failing(report, category):
    """List the audits that take points off."""
    names = [each["id"] for each in report["categories"][category]["auditRefs"] if each["weight"]]
    return [
        name
        for name in names
        if (report["audits"][name]["score"] or 0) < 0.9
        and report["audits"][name]["scoreDisplayMode"]
        not in ("notApplicable", "manual", "informative")
    ]


def main(names):
    """Print the scores of the pages, or of those named, and count those below what is wanted."""
    lighthouse, low = program(), 0
    print("".ljust(36), *CATEGORIES)
    with serving(ROOT / "_build" / "html", Compressing) as home:
        for page in names or PAGES:
            report = scores(lighthouse, f"{home}/{page}.html")
            points = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
            print(
                page.ljust(36),
                *(str(points[name]).rjust(len(name)) for name in CATEGORIES),
                flush=True,
            )
            for name in CATEGORIES:
                if points[name] < WANTED:
                    low += 1
                    print("   ", name, *failing(report, name))
    return low


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
