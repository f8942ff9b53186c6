"""Set-up does everything once, nothing twice, and keeps the data; then the portal answers."""

import contextlib
import os
import re
import resource
import socket
import subprocess
import sys
import urllib.request

import pytest
from django.core.management import call_command

from portal.management.commands import setup
from tests.portal.test_settings import ROOT


@pytest.fixture
def home(tmp_path):
    """An environment of a fresh installation."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"ENV_FILE": os.devnull, "DEMO": "1", "DATA_DIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}


def manage(environment, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def seconds_of_children():
    """CPU seconds: the wall clock tells more of what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def served(environment):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.serving", "portal.wsgi"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = [server.stdout.readline() for _ in range(3)]
        yield f"http://127.0.0.1:{port}", "".join(said)
    finally:
        server.terminate()
        server.wait(20)


def fetch(address):
    with urllib.request.urlopen(address, timeout=20) as response:
        return response.read().decode(), response.headers


def test_a_fresh_installation_answers_and_a_second_start_is_quick(home):
    first = manage(home, "setup")
    assert first.returncode == 0, first.stderr
    assert "载入规范" in first.stdout

    rename = (
        "from facilities.models import Officer; Officer.objects.filter(username='city').update(last_name='改过的名')"
    )
    manage(home, "shell", "-v", "0", "-c", rename)
    began = seconds_of_children()
    second = manage(home, "setup")
    assert second.returncode == 0, second.stderr
    assert second.stdout == ""
    assert seconds_of_children() - began < 5
    read = "from facilities.models import Officer; print(Officer.objects.get(username='city').last_name)"
    assert manage(home, "shell", "-v", "0", "-c", read).stdout.strip() == "改过的名"

    with served(home) as (address, said):
        assert address in said
        assert (
            "admin、city、xiangzhou、doumen、cuixiang、viewer、xiangzhouzx、zijing；密码都是 Demo-2026-portal" in said
        )
        assert fetch(address + "/healthz")[0] == '{"status": "ok"}'
        page, _ = fetch(address + "/login/")
        assert "cuixiang" in page
        style = re.search(r'href="(/static/portal/css/base\.[0-9a-f]{12}\.css)"', page)[1]
        assert "immutable" in fetch(address + style)[1]["Cache-Control"]


def test_an_empty_database_or_lost_static_files_are_noticed(db, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").write_text("{}")
    assert not setup.is_filled()
    call_command("load_standards")
    assert setup.is_filled()
    (tmp_path / "staticfiles.json").unlink()
    assert not setup.is_filled()


def test_demo_accounts_are_a_step_of_demo_mode_only(settings):
    settings.DEMO = True
    assert "load_demo_accounts" in [step[1] for step in setup.steps()]
    settings.DEMO = False
    assert "load_demo_accounts" not in [step[1] for step in setup.steps()]


def test_a_changed_fixture_changes_the_fingerprint(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "fixtures").mkdir()
    fixture = tmp_path / "fixtures" / "a.toml"
    fixture.write_text("a = 1")
    before = setup.fingerprint()
    fixture.write_text("a = 2")
    assert setup.fingerprint() != before


def test_what_paper_lacks_is_said_with_the_command_that_helps(monkeypatch):
    from portal import serving

    assert not serving.can_load("libnowhere.so.0")
    monkeypatch.setattr(serving, "can_load", lambda library: "pango-1.0" not in library)
    assert serving.paper_note().endswith("apt install libpango-1.0-0")
    monkeypatch.setattr(serving, "can_load", lambda library: True)
    assert serving.paper_note() == ""


def run_venv(tmp_path, python):
    """bin/venv on a machine whose only Python is the given script."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (bin_folder / name).write_text(python)
        (bin_folder / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(ROOT / "bin" / "venv"), str(tmp_path / "venv"), "requirements.lock"],
        env={"PATH": str(bin_folder)},
        capture_output=True,
        text=True,
    )


def test_a_python_too_old_is_told_what_to_install(tmp_path):
    done = run_venv(tmp_path, "#!/bin/sh\nexit 1\n")
    assert done.returncode == 1
    assert "没有找到 Python 3.11 或更新的版本" in done.stderr
    assert "apt install python3 python3-venv" in done.stderr


def test_a_python_without_venv_is_told_what_to_install(tmp_path):
    done = run_venv(tmp_path, '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
