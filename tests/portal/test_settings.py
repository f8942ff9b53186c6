"""The start is refused where it would be insecure; production passes Django's own deployment check."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "k3-Q" * 20 + "zXc9"
PRODUCTION = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "dabiao.example.gov.cn"}


def manage(*arguments, **environment):
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean | {"ENV_FILE": os.devnull, "PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "没有设置 SECRET_KEY"),
        ({"ALLOWED_HOSTS": "dabiao.example.gov.cn"}, "没有设置 SECRET_KEY"),
        ({"SECRET_KEY": "short", "ALLOWED_HOSTS": "dabiao.example.gov.cn"}, "SECRET_KEY 太短"),
        ({"SECRET_KEY": "a" * 60, "ALLOWED_HOSTS": "dabiao.example.gov.cn"}, "SECRET_KEY 太短"),
        ({"SECRET_KEY": "django-insecure-" + KEY, "ALLOWED_HOSTS": "a.gov.cn"}, "SECRET_KEY 太短"),
        ({"SECRET_KEY": KEY}, "没有设置 ALLOWED_HOSTS"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "*"}, "通配"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": ".gov.cn"}, "通配"),
        (PRODUCTION | {"HTTPS": "0"}, "HTTPS=0 只能在本机用"),
        ({"DEMO": "1", "ALLOWED_HOSTS": "dabiao.example.gov.cn"}, "只在本机开放"),
        ({"DEBUG": "1", "ALLOWED_HOSTS": "dabiao.example.gov.cn"}, "DEBUG=1 只能在本机用"),
        (PRODUCTION | {"DEBUG": "1"}, "DEBUG=1 只能在本机用"),
    ],
)
def test_an_insecure_start_is_refused_with_a_sentence(environment, sentence):
    done = manage("check", **environment)
    assert done.returncode != 0
    assert "门户没有启动：" in done.stderr
    assert sentence in done.stderr


@pytest.mark.parametrize("environment", [{"DEMO": "1"}, {"DEBUG": "1"}, PRODUCTION])
def test_a_start_that_is_meant_works(environment):
    done = manage("check", **environment)
    assert done.returncode == 0, done.stderr


def test_production_passes_the_deployment_check_without_a_warning():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_production_speaks_https_with_host_cookies():
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH, s.DEMO)"
    )
    done = manage("shell", "-v", "0", "-c", code, **PRODUCTION)
    assert done.stdout.strip() == "__Host-session __Host-csrf True True True 31536000 None / False"


def test_demo_accounts_are_refused_outside_demo_mode(tmp_path):
    done = manage("load_demo_accounts", DATA_DIR=str(tmp_path), **PRODUCTION)
    assert done.returncode != 0
    assert "DEMO=1" in done.stderr


def test_the_database_is_set_up_to_keep_what_it_acknowledged(tmp_path):
    code = (
        "from django.db import connection as c;"
        "cursor = c.cursor();"
        "print(*[cursor.execute(f'PRAGMA {name}').fetchone()[0]"
        " for name in ('journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout')],"
        " c.settings_dict['OPTIONS']['transaction_mode'])"
    )
    done = manage("shell", "-v", "0", "-c", code, DEMO="1", DATA_DIR=str(tmp_path))
    assert done.stdout.split() == ["wal", "2", "1", "20000", "IMMEDIATE"], done.stderr


def test_postgres_keeps_its_connections_and_checks_them():
    code = (
        "from django.db import connection as c;"
        "print(c.settings_dict['CONN_MAX_AGE'], c.settings_dict['CONN_HEALTH_CHECKS'])"
    )
    done = manage("shell", "-v", "0", "-c", code, DEMO="1", DATABASE_URL="postgres://portal@127.0.0.1/portal")
    assert done.stdout.split() == ["600", "True"], done.stderr


def test_a_checkout_without_settings_of_its_own_is_a_trial():
    """As ``make run`` has it, so that the commands of README work after it as they stand."""
    own = {"SECRET_KEY", "DEMO", "ENV_FILE", "DJANGO_SETTINGS_MODULE"}
    bare = {name: value for name, value in os.environ.items() if name not in own}
    asked = [sys.executable, "manage.py", "check"]
    done = subprocess.run(asked, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
