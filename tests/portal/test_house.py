"""The house's own rules: arrows run one way, files and functions stay short, and what is banned stays out."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("standards", "facilities", "assessments", "reports", "portal")
MAY_IMPORT = {
    "standards": set(),
    "facilities": set(),
    "assessments": {"standards", "facilities"},
    "reports": {"standards", "facilities", "assessments"},
    "portal": set(APPS),
}
LONGEST_FILE, LONGEST_FUNCTION = 320, 45


def tracked(*patterns):
    """Files of the repository, new ones too, that exist now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def source(name):
    return (ROOT / name).read_text(encoding="utf-8")


CODE = [name for app in APPS for name in tracked(f"{app}/*.py") if "/migrations/" not in name]
TEMPLATES = tracked("templates/*.html")
STYLES = tracked("*.css")
SCRIPTS = tracked("*.js")


def imports(name):
    for node in ast.walk(ast.parse(source(name))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_there_is_something_to_look_at():
    assert len(CODE) > 30
    assert len(TEMPLATES) > 10
    assert STYLES


@pytest.mark.parametrize("app", APPS)
def test_arrows_run_one_way(app):
    reached = {
        (name, module)
        for name in CODE
        if name.startswith(f"{app}/")
        for module in imports(name)
        if module.split(".")[0] in APPS
    }
    against = {(name, module) for name, module in reached if module.split(".")[0] not in MAY_IMPORT[app] | {app}}
    assert against == set()


@pytest.mark.parametrize("name", [*CODE, *TEMPLATES, *STYLES, *SCRIPTS])
def test_a_file_is_short(name):
    assert len(source(name).splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("name", CODE)
def test_a_function_is_short_and_typed(name):
    for node in ast.walk(ast.parse(source(name))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"
            assert node.returns is not None, f"{node.name} gives no return type"


@pytest.mark.parametrize("name", CODE)
def test_a_module_has_a_noun_and_no_signals(name):
    if name.endswith("__init__.py") or not source(name).strip():
        return
    assert not re.search(r"(^|/)(utils?|helpers?|common|misc)(/|\.py$)", name)
    assert "django.dispatch" not in set(imports(name))
    assert "django.db.models.signals" not in set(imports(name))


BANNED = {
    "mark_safe": r"\bmark_safe\b|\bSafeString\b",
    "raw SQL": r"\.raw\(|\.extra\(|RawSQL\(",
    "a shell": r"shell=True|os\.system\(",
    "evaluated text": r"\beval\(|\bexec\(|pickle\.loads",
    "work left undone": r"#.*\b(?:TODO|FIXME|XXX|HACK)\b",
    "filters from the request": r"filter\(\*\*request|\.get\(\*\*request",
}


@pytest.mark.parametrize("what", BANNED)
def test_what_is_banned_stays_out(what):
    assert [name for name in CODE if re.search(BANNED[what], source(name))] == []


def test_views_reach_rows_through_the_gate():
    views = [name for name in CODE if re.search(r"/views(\.py$|/)", name)]
    assert views
    gateless = r"\b(?:Facility|Survey|Answer|Change|Snapshot|Judgement|Finding|Fact|Post)\.objects\b"
    assert [name for name in views if re.search(gateless, source(name))] == []


def test_nothing_is_left_undone_in_templates_styles_and_scripts():
    undone = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    assert [name for name in (*TEMPLATES, *STYLES, *SCRIPTS) if undone.search(source(name))] == []


def test_colours_stand_in_the_tokens_only():
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
    own = ("tokens.css", "print.css", "paper.css", "document.css")  # paper is black on white
    screens = [name for name in STYLES if not name.endswith(own)]
    assert [name for name in screens if colour.search(source(name))] == []


def test_styles_use_only_tokens_that_exist():
    defined = set(re.findall(r"(--[\w-]+)\s*:", source("portal/static/portal/css/tokens.css")))
    used = {token for name in STYLES for token in re.findall(r"var\((--[\w-]+)", source(name))}
    assert used - defined == set()


@pytest.mark.parametrize("name", tracked("requirements*.lock"))
def test_a_lock_holds_hashes_and_neither_hosts_nor_paths(name):
    text = source(name)
    assert text.count("--hash=sha256:") > 20
    assert "://" not in text
    assert not re.search(r"^(?:-|file:|.* @ )", text, re.MULTILINE)
    assert not re.search(r"/(?:root|home|tmp|opt|work)/", text)


def test_the_repository_names_no_machine():
    places = re.compile("/" + "root/|/" + "work/|/home/[a-z]+/")
    text = [name for name in tracked() if not name.endswith((".lock", ".png", ".pdf", ".xlsx", ".ttf", ".otf"))]
    assert [name for name in text if places.search(source(name))] == []
