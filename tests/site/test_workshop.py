"""An assignment goes round: JupyterLab in a browser, nbgrader's exchange, and the pages given back.

The exchange is made by the commands of `teaching.md`.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.site.book import ROOT

TOOLS = Path(sys.executable).parent
ASSIGNMENT = "01_tensors"
EXERCISES = (
    "threshold",
    "one_hot",
    "standardize",
    "masked_mean",
    "topk_accuracy",
    "pairwise_distance",
    "extract_patches",
)
WRONG = "return (t >= limit).to(t.dtype)"
RIGHT = "return (t > limit).to(t.dtype)"
HINT = "You compare with >=; an element equal to the limit is not above it, so it becomes 0."
MILLISECONDS = 120_000
SECONDS_TO_START = 120


class Workshop:
    """A course and a learner's folder, with an exchange between them."""

    def __init__(self, base):
        self.course, self.home = base / "course", base / "home"
        self.environment = os.environ | {
            "PATH": f"{TOOLS}:{os.environ['PATH']}",
            "JUPYTER_CONFIG_PATH": str(base / "etc"),
            "JUPYTER_CONFIG_DIR": str(base / "config"),
            "JUPYTER_DATA_DIR": str(base / "data"),
            "JUPYTER_RUNTIME_DIR": str(base / "runtime"),
        }
        self.home.mkdir()
        sources = Path("solutions", ASSIGNMENT)
        shutil.copytree(ROOT / sources, self.course / sources)
        shutil.copy(ROOT / "nbgrader_config.py", self.course)
        self.run("bash", "-e", "-c", commands(base))

    def run(self, *command):
        """Run a command in the course folder, as the teacher does."""
        done = subprocess.run(
            command, cwd=self.course, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def answer(self, body):
        """Fill the stub of the exercise that is done here."""
        notebook = nbformat.read(self.home / ASSIGNMENT / "tensors.ipynb", as_version=4)
        (stub,) = (
            cell.source
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") == EXERCISES[0]
        )
        return stub.replace("raise NotImplementedError()", body)


def commands(base):
    """Return the commands by which `teaching.md` makes an exchange, for a folder."""
    page = (ROOT / "teaching.md").read_text("utf-8").partition("## The exchange")[2]
    block = re.search(r"```bash\n(.*?)```", page, flags=re.DOTALL)[1]
    ours = block.replace("sudo ", "").replace("/srv/nbgrader", str(base))
    return ours.replace("/etc/jupyter", str(base / "etc"))


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path)


@pytest.fixture
def lab(workshop, browser):
    """JupyterLab in a tab, opened in the learner's folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": workshop.home,
        "IdentityProvider.token": "",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    log = workshop.home.with_name("lab.log")
    with log.open("w") as lines:
        server = subprocess.Popen(
            [TOOLS / "jupyter", "lab", "--allow-root", "--no-browser", *arguments],
            cwd=workshop.home,
            env=workshop.environment,
            stdout=lines,
            stderr=lines,
        )
    try:
        wait(port, log)
        tab = browser.new_page(viewport={"width": 1300, "height": 1000})
        tab.set_default_timeout(MILLISECONDS)
        tab.goto(f"http://127.0.0.1:{port}/lab")
        yield tab
        tab.close()
    finally:
        server.terminate()
        server.wait()


def wait(port, log):
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)


def fetch(lab):
    """Fetch the assignment in the Assignment List and open its notebook."""
    lab.get_by_role("menuitem", name="Nbgrader").click()
    lab.get_by_role("menuitem", name="Assignment List").click()
    lab.locator("#released_assignments_list").get_by_role("button", name="Fetch").click()
    fetched = lab.locator("#fetched_assignments_list")
    fetched.get_by_role("button", name=ASSIGNMENT).click()
    fetched.get_by_role("link", name="tensors", exact=True).click()
    lab.locator(".jp-NotebookPanel").get_by_role("heading", name="Exercises: tensors").wait_for()
    lab.get_by_text("| Idle").wait_for()


def write(lab, answer):
    """Write the answer into the active cell; run it, the cell to try it and the check."""
    lab.locator(".jp-Cell.jp-mod-active", has_text=f"def {EXERCISES[0]}").wait_for()
    lab.keyboard.press("Enter")
    lab.keyboard.press("ControlOrMeta+a")
    lab.keyboard.insert_text(answer)
    for _ in range(3):
        lab.keyboard.press("Shift+Enter")


def report(lab, line):
    """Wait for a report on the exercise with a line, and return its text."""
    found = lab.locator(f"section[aria-label*='{EXERCISES[0]}']").filter(has_text=line)
    return found.inner_text()


def validate(lab):
    """Press Validate and return the cells that are said to fail."""
    lab.locator(".jp-NotebookPanel").get_by_role("button", name="Validate").click()
    dialog = lab.get_by_role("dialog").filter(has_text="Validation Results")
    dialog.wait_for()
    sources = dialog.locator("pre").all_inner_texts()[::2]
    dialog.get_by_role("button", name="Ok").click()
    return sources


def submit(lab):
    """Save and hand in; return the list of what was submitted."""
    lab.get_by_role("tab", name="Assignments").click()
    lab.locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
    submitted = lab.locator("#submitted_assignments_list")
    submitted.get_by_role("button", name="Fetch Feedback").wait_for()
    return submitted


def open_feedback(lab, submitted):
    """Fetch the feedback and return its page, as JupyterLab shows it."""
    lab.locator("#refresh_assignments_list").click()
    submitted.get_by_text("feedback available to fetch").wait_for()
    submitted.get_by_role("button", name="Fetch Feedback").click()
    submitted.get_by_text("view feedback").click()
    lab.locator(".jp-DirListing-item", has_text="tensors.html").dblclick()
    return lab.frame_locator(".jp-HTMLViewer iframe")


@pytest.mark.slow
def test_assignment_goes_round(workshop, lab):
    workshop.run("nbgrader", "generate_assignment", ASSIGNMENT)
    workshop.run("nbgrader", "release_assignment", ASSIGNMENT)

    fetch(lab)
    for _ in range(3):
        lab.keyboard.press("Shift+Enter")
    write(lab, workshop.answer(WRONG))
    assert HINT in report(lab, "4 of 5 points")
    for _ in range(3):
        lab.keyboard.press("ArrowUp")
    write(lab, workshop.answer(RIGHT))
    assert HINT not in report(lab, "5 of 5 points")
    failing = [f'check("tensors.{name}", {name})' for name in EXERCISES[1:]]
    assert validate(lab) == failing

    submitted = submit(lab)
    workshop.run("nbgrader", "collect", ASSIGNMENT)
    workshop.run("torchproof", "grade", ASSIGNMENT, "--workers=1")
    workshop.run("nbgrader", "release_feedback", ASSIGNMENT)
    page = open_feedback(lab, submitted)
    graded = page.locator(".nbgrader_cell", has_text=f"Grade cell: check_{EXERCISES[0]}")
    expect(graded.locator(".panel-heading")).to_contain_text(
        "Score: 5.0 / 5.0", timeout=MILLISECONDS
    )
