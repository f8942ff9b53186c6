"""How gunicorn serves the portal (``gunicorn -c python:portal.serving portal.wsgi``), and what it says when ready."""

from __future__ import annotations

import ctypes
import socket
import sys
from threading import Thread
from typing import Any

from portal.settings import env


def number(name: str, default: int) -> int:
    text = env.str(name, default=str(default))
    if not text.isdecimal():
        sys.exit(f"{name} 要写整数，例如 {name}={default}，现在是“{text}”。")
    return int(text)


HOST = env.str("HOST", default="127.0.0.1")
PORT = number("PORT", 8000)
PAPER_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}

# gunicorn reads these names
bind = f"{HOST}:{PORT}"
workers = number("WEB_WORKERS", 2)
threads = number("WEB_THREADS", 4)
worker_class = "gthread"
preload_app = True
timeout = 120
graceful_timeout = 30
limit_request_line = 4094
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Say it plainly where the port is taken, instead of trying five times."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError:
            sys.exit(f"门户没有启动：{HOST}:{PORT} 不能用。请换一个端口，例如 PORT=8001 make run。")


def when_ready(server: Any) -> None:
    from django.conf import settings

    print(f"\n门户已启动：http://{HOST}:{PORT}/　按 Ctrl+C 停止", flush=True)  # noqa: T201
    if settings.DEMO:
        from portal.demo import trial

        print(f"演示账号：{'、'.join(trial().names)}；密码都是 {trial().password}\n", flush=True)  # noqa: T201


def post_worker_init(worker: Any) -> None:
    """WeasyPrint takes a second or two to load: not out of the first visitor's time."""
    Thread(target=load_paper, daemon=True).start()


def load_paper() -> None:
    from reports.pdf import unavailable

    unavailable()


def paper_note() -> str:
    """What to install before PDFs can be made; empty where nothing is missing."""
    missing = [package for library, package in PAPER_LIBRARIES.items() if not can_load(library)]
    if not missing:
        return ""
    return f"提示：这台机器暂时不能生成 PDF，其他功能不受影响。要生成 PDF，请安装：apt install {' '.join(missing)}"


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
