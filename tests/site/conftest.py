"""The site, built afresh once a session and shared by parallel workers, and a browser."""

import fcntl
import os
import subprocess

import pytest
from playwright.sync_api import Error

from tests.site.book import Site, command
from tests.site.visits import chromium, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """Build into an empty folder: what an earlier build read would not be warned about again."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "site"
    folder.mkdir(exist_ok=True)
    log, status = folder / "log", folder / "status"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not status.exists():
            done = subprocess.run(command(folder), capture_output=True, text=True, check=False)
            log.write_text(done.stdout + done.stderr, "utf-8")
            status.write_text(str(done.returncode), "utf-8")
    return Site(folder / "_build" / "html", int(status.read_text()), log.read_text("utf-8"))


@pytest.fixture(scope="session")
def base(site):
    """Give the site's address as a folder and, served, on this machine."""
    with serving(site.root) as home:
        yield {"file": site.root.as_uri(), "http": home}


@pytest.fixture(scope="session")
def browser():
    """Start Chromium; where there is none, skip, but not in CI."""
    try:
        with chromium() as found:
            yield found
    except Error as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"no browser; `playwright install chromium` gets one ({error.name})")
