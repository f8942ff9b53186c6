"""What a page weighs on the wire: gzip, as Django and whitenoise send it to a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from assessments.models import Survey
from bench.pages import browser, logged_in, survey_in
from bench.table import say, table, title

FIRST, FOLLOWING = 120, 20
IN_CSS = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")


class Linked(HTMLParser):
    """Addresses of the files that a browser fetches for a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [given[name] or "" for name in ("src", "href") if name in given and tag not in ("a", "form")]


def show_weights() -> None:
    title("分量（kB = 1000 字节，gzip）")
    client = logged_in("cuixiang")
    login, home = page(browser(), "login"), page(client, "home")
    files = {url: weight for html in (login[1], home[1]) for url, weight in files_of(client, html)}
    total = login[0] + home[0] + sum(files.values())
    note = f"网页 {kilo(login[0])} + {kilo(home[0])}，{len(files)} 个文件"
    first = ("第一页：登录 → 首页", kilo(total), f"≤ {FIRST}", note)
    table(("", "kB", "目标", ""), [first, *(following(client, *each) for each in following_pages())])
    heavy = sorted(files.items(), key=lambda file: -file[1])[:4]
    say("最重的文件：" + "，".join(f"{urlsplit(url).path.rsplit('/')[-1]} {kilo(weight)}" for url, weight in heavy))


def following_pages() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    draft, sent = survey_in(Survey.DRAFT), survey_in(Survey.ACCEPTED)
    yield "首页", "home", ()
    yield "任务清单", "assessments:survey", draft
    yield "第7项的页", "assessments:clause", (*draft, "7")
    yield "第8项的页", "assessments:clause", (*draft, "8")
    yield "检查答案", "assessments:check", draft
    yield "判定结果", "reports:result", sent


def following(client: Client, name: str, url_name: str, where: tuple[str, ...]) -> tuple[str, ...]:
    """The page alone, and what its own further files weigh when they are not cached yet."""
    try:
        weight, html = page(client, url_name, *where)
    except (NoReverseMatch, LookupError) as missing:
        return f"之后：{name}", f"没有量（{missing}）"[:40], "", ""
    own = dict(files_of(client, html))
    return f"之后：{name}", kilo(weight), f"≤ {FOLLOWING}", f"未缓存时连文件 {kilo(weight + sum(own.values()))}"


def page(client: Client, name: str, *where: str) -> tuple[int, str]:
    """Bytes on the wire, and the page's text (asked again without compression)."""
    url = reverse(name, args=where)
    packed = client.get(url)
    if packed.status_code != 200:
        raise LookupError(f"状态 {packed.status_code}")
    plain = client.get(url, headers={"accept-encoding": "identity"})
    return len(packed.content), plain.content.decode()


def files_of(client: Client, html: str) -> Iterator[tuple[str, int]]:
    """Every static file that the page names, and those that its styles name, each with its bytes on the wire."""
    waiting = [url.split("#")[0] for url in Linked(html).found]
    seen: set[str] = set()
    while waiting:
        url = waiting.pop()
        if url in seen or not url.startswith(settings.STATIC_URL):
            continue
        seen.add(url)
        yield url, len(body(client, url, "gzip, br"))
        if url.endswith(".css"):
            text = body(client, url, "identity").decode()
            waiting += [urljoin(url, inner).split("#")[0] for inner in IN_CSS.findall(text)]


def body(client: Client, url: str, encoding: str) -> bytes:
    response: Any = client.get(url, headers={"accept-encoding": encoding})
    return b"".join(response.streaming_content) if response.streaming else response.content


def kilo(size: int) -> str:
    return f"{size / 1000:.1f}"
