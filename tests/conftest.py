"""Shared by every folder: browser tests say why they skip, or refuse to be skipped."""

import os
import shutil

import pytest

NO_CHROMIUM = "没有找到 chromium，跳过浏览器测试。请安装：apt install chromium fonts-noto-cjk"


def pytest_collection_modifyitems(items):
    marked = [item for item in items if item.get_closest_marker("browser")]
    if not marked or shutil.which("chromium"):
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError("REQUIRE_BROWSER=1，但没有找到 chromium。请安装：apt install chromium fonts-noto-cjk")
    for item in marked:
        item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
