"""How long ``make run`` takes to its first answer: a fresh clone with nothing installed, and the second start."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

from bench.ground import ROOT
from bench.table import figure, say, table, title

LONGEST = 900  # seconds
NOT_A_NEWCOMERS = ("DEMO", "DEBUG", "DATA_DIR", "DATABASE_URL", "ENV_FILE", "DJANGO_SETTINGS_MODULE")


def show_starts() -> None:
    title("make run 到 /healthz 第一次应答（秒）")
    with TemporaryDirectory(prefix="portal-clone-", ignore_cleanup_errors=True) as folder:
        clone = Path(folder) / "portal"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
        rows = [("冷启动：新克隆，空的虚拟环境", started(clone), "")]
        shutil.rmtree(clone / "data")
        rows += [("依赖已装好，从空数据起", started(clone), ""), ("再次启动", started(clone), "≤ 5")]
    table(("", "秒", "目标"), rows)
    tool = "uv" if shutil.which("uv") else "pip"
    say(f"克隆的是最近一次提交；依赖由 {tool} 安装，用到本机的包缓存或镜像，首次联网下载会更久。")


def started(clone: Path) -> str:
    began = perf_counter()
    with running(clone) as (process, port):
        while perf_counter() - began < LONGEST and process.poll() is None:
            if answers(port):
                return figure(perf_counter() - began)
            sleep(0.02)
    return "没有启动"


@contextmanager
def running(clone: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """``make run`` on a free port, in a process group of its own, which ends with the block."""
    port = free_port()
    process = subprocess.Popen(
        ["make", "run"],  # noqa: S607
        cwd=clone,
        env=newcomers_environment() | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def newcomers_environment() -> dict[str, str]:
    """Without what this bench and the make above it have set."""
    return {k: v for k, v in os.environ.items() if k not in NOT_A_NEWCOMERS and not k.startswith(("MAKE", "MFLAGS"))}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
