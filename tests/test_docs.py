"""What README and docs promise is there. (`make docs` builds the site and refuses broken links.)"""

from __future__ import annotations

import argparse
import importlib.util
import re
import tomllib
from types import ModuleType

import pytest
from packaging.requirements import Requirement

from pipeline.cli.parser import build_parser
from pipeline.settings.config import Config
from tests.shared import ROOT

_SIZES = re.compile(r"^ +([\d,]+)  (\w+)/", re.MULTILINE)  # a folder in CONTRIBUTING's tree


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    """``docs/hooks.py``, as the site's generator loads it."""
    pytest.importorskip("mkdocs")
    spec = importlib.util.spec_from_file_location("docs_hooks", ROOT / "docs" / "hooks.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_every_link_of_a_root_file_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    dead = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert dead == []


def test_every_local_link_of_the_sample_chapter_leads_somewhere() -> None:
    folder = ROOT / "output" / "sample" / "render"
    page = (folder / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'(?:href|src|poster)="([^"#?:]+)["#?]', page))
    assert {"chapter.md", "chapter.py"} <= links
    assert [link for link in sorted(links) if not (folder / link).exists()] == []


def test_every_module_that_the_docs_name_is_there() -> None:
    """A renamed module is renamed in the docs, too; ``read.py`` alone is one of any folder."""
    modules = [
        f"/{path.relative_to(ROOT)}"
        for folder in ("pipeline", "minbpe", "tests", "docs")
        for path in (ROOT / folder).rglob("*.py")
    ]
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {
        (page.name, name)
        for page in pages
        for name in re.findall(r"`([\w/]+\.py)`", page.read_text(encoding="utf-8"))
    }
    assert len(named) > 40
    assert [
        one for one in named if not any(module.endswith(f"/{one[1]}") for module in modules)
    ] == []


def test_the_lines_of_each_folder_are_about_those_that_contributing_tells() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    told = {folder: int(lines.replace(",", "")) for lines, folder in _SIZES.findall(text)}
    folders = [path for path in (ROOT / "pipeline").iterdir() if (path / "__init__.py").exists()]
    counted = {
        folder.name: sum(
            len(path.read_text(encoding="utf-8").splitlines()) for path in folder.rglob("*.py")
        )
        for folder in folders
    }
    off = {name: n for name, n in counted.items() if abs(n - told.get(name, 0)) > max(150, n // 7)}
    assert off in ({}, {"demo": counted["demo"]})


def test_readme_is_about_one_screen_and_a_half() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 75


def test_the_command_line_page_has_every_command_and_option(hooks: ModuleType) -> None:
    page = hooks.command_line_page()
    for action in build_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                assert f"\n## {name}\n" in page
                shown = [a for a in command._actions if a.help != argparse.SUPPRESS]
                assert all(option in page for a in shown for option in a.option_strings)


def test_the_settings_page_has_every_setting_with_its_default(hooks: ModuleType) -> None:
    page = hooks.settings_page()
    assert "| `transcribe.language` | str or null | `null` |" in page
    for section, field in Config.model_fields.items():
        for name in type(field.get_default()).model_fields:
            assert f"`{section}.{name}" in page


def test_every_dependency_is_in_the_table_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    extras = [project["optional-dependencies"][name] for name in ("whisper", "export", "server")]
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    named = re.findall(r"^\|(.+?)\|(.+?)\|", page, re.MULTILINE)
    table = " ".join(first + second for first, second in named)
    missing = [name for line in lines if (name := Requirement(line).name) not in table]
    assert missing == []
