"""The configuration for Binder, containers and development containers, as far as it can be read."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "binder" / "requirements.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8").split()
HOSTS = {"download.pytorch.org"}


def instructions():
    """Read the Dockerfile: pairs of an instruction and its words."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.partition(" ")[2]) for line in lines]


def all_of(name):
    return [words for instruction, words in instructions() if instruction == name]


def options():
    """Read what pip is told to install for learners: pairs of an option and its value."""
    lines = REQUIREMENTS.read_text("utf-8").splitlines()
    return [tuple(line.split()) for line in lines if line and not line.startswith("#")]


def python_versions():
    (image,) = all_of("FROM")
    runtime = (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip()
    return {
        "Dockerfile": re.fullmatch(r"python:(\d+\.\d+)-slim", image)[1],
        "runtime.txt": runtime.removeprefix("python-"),
    }


@pytest.mark.parametrize("place", python_versions())
def test_python_is_one_that_the_project_allows(place):
    assert SpecifierSet(PROJECT["requires-python"]).contains(python_versions()[place])


def test_python_is_the_same_everywhere():
    assert len(set(python_versions().values())) == 1


def test_versions_are_those_of_the_constraints():
    named = [value for option, value in options() if option == "--constraint"]
    assert [(REQUIREMENTS.parent / name).resolve() for name in named] == [ROOT / "constraints.txt"]


@pytest.mark.skipif(not CONSTRAINTS, reason="CI's weekly run empties constraints.txt")
def test_constraints_pin_all_that_a_learner_installs():
    pinned = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in CONSTRAINTS}
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["learner"]
    assert {Requirement(each).name for each in wanted} <= pinned


def test_what_is_installed_is_this_project_as_for_a_learner():
    (source,) = (value for option, value in options() if option == "--editable")
    path, extra = re.fullmatch(r"(.*)\[(.*)\]", source).groups()
    assert (path, extra in PROJECT["optional-dependencies"]) == (".", True)


def test_packages_come_from_public_hosts_only():
    addresses = re.findall(r"\w+://([^/\s]*)", REQUIREMENTS.read_text("utf-8"))
    assert set(addresses) == HOSTS


def test_image_installs_what_binder_installs():
    (pip,) = (words for words in all_of("RUN") if "pip install" in words)
    assert shlex.split(pip)[-2:] == ["--requirement", "binder/requirements.txt"]


def test_files_that_are_copied_are_there():
    for words in all_of("COPY"):
        *sources, _ = [word for word in words.split() if not word.startswith("--")]
        assert all((ROOT / source).exists() for source in sources)


def test_image_leaves_out_what_git_leaves_out():
    kept_out = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    names = {line.removeprefix("**/") for line in kept_out}
    assert {line.strip("/") for line in ignored} <= names


def test_image_runs_as_an_ordinary_user():
    names = [name for name, _ in instructions()]
    assert all_of("USER") == ["learner"]
    assert names.index("USER") < names.index("COPY") < names.index("CMD")


def test_lab_listens_on_the_port_that_is_exposed():
    (command,), (port,) = all_of("CMD"), all_of("EXPOSE")
    assert f"--port={port}" in json.loads(command)


def test_development_container_is_built_from_the_dockerfile():
    path = ROOT / ".devcontainer" / "devcontainer.json"
    container = json.loads(path.read_text("utf-8"))
    built = container["build"]
    assert (path.parent / built["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert (path.parent / built["context"]).resolve() == ROOT
    assert [container["remoteUser"]] == all_of("USER")
