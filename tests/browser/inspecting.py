"""What holds for every page and state: accessible, whole at every width, large enough to press, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from portal.demo import trial

PHONE_WIDTHS, DESK_WIDTHS = (320, 390), (720, 768, 1024, 1440)  # 720 is 1440 at 200 %
TALL = 44
WORDS_ALLOWED = {"PDF", "JPEG", "PNG", "WebP", "jpg", "JSON", "VPN", "Cookie", "CSRF", "Excel", "WPS", "xlsx", "Ctrl"}
WORDS_ALLOWED |= {"CSV", "csv", "Esc", "pdf", "LED"}
WORDS_ALLOWED |= {"________"}  # a blank for the officer to fill in
ACCOUNTS = "|".join(sorted((*trial().names, *trial().unlisted), key=len, reverse=True))
NAMES = re.compile(  # addresses, initial passwords, user names and the password of the trial, hashes, and examples of
    rf"https?://\S+|[A-Z2-9]{{4}}(?:-[A-Z2-9]{{4}}){{2}}|{ACCOUNTS}|Demo-2026-portal"  # what not to choose
    r"|password123|manage\.py \w+|make run|[0-9a-f]{64}"
)
WORD = re.compile(r"[A-Za-z_]{3,}(?:\.\d+)?")

VISIBLE_WORDS = """() => {
  const said = [document.title, document.body.innerText];
  const spoken = '[aria-label], [placeholder], [title], [alt]';
  for (const each of document.querySelectorAll(spoken))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) said.push(each.getAttribute(name) || '');
  return said.join('\\n');
}"""

# A target is as tall as the strip around its middle in which a press reaches it, its label or what lies in it.
SMALL_TARGETS = """(tall) => {
  const pressed = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const hits = (field, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (field.contains(hit) || (field.labels && [...field.labels].some((label) => label.contains(hit))));
  };
  const small = [];
  for (const field of document.querySelectorAll(pressed)) {
    if (!field.checkVisibility({ visibilityProperty: true }) || field.disabled) continue;
    if (field.closest('.skip, .visually-hidden') || getComputedStyle(field).display === 'inline') continue;
    field.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const place = field.getBoundingClientRect(), x = place.x + place.width / 2, y = place.y + place.height / 2;
    const reach = tall / 2 - 1;
    if (!hits(field, x, y - reach) || !hits(field, x, y + reach))
      small.push(`${field.tagName} ${field.name || field.textContent.trim().slice(0, 20)} ${place.height}px`);
  }
  scrollTo(0, 0);
  return small;
}"""


# Axe reads the colours of a text off what lies over and under it, which takes longer than all its other rules. Texts of
# one look (the same elements and classes around them, the same colours and letters) are asked about once.
CONTRAST = """async (seen) => {
  const known = new Set(seen), looks = [], nodes = [];
  const told = /^(class|type|disabled|hidden|open|aria-(current|invalid|disabled|pressed|selected|expanded))$/;
  const mine = (each) => [...each.attributes].filter(({ name }) => told.test(name)).map((of) => of.name + of.value);
  const path = (each) => each === document.body ? '' : path(each.parentElement) + '>' + each.tagName + mine(each);
  for (const each of document.body.querySelectorAll('*')) {
    const says = [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!says && !each.matches('input, select, textarea') || !each.checkVisibility()) continue;
    const { color, backgroundColor, fontSize, fontWeight, opacity } = getComputedStyle(each);
    const look = [path(each), color, backgroundColor, fontSize, fontWeight, opacity].join('|');
    if (known.has(look)) continue;
    known.add(look); looks.push(look); nodes.push(each);
  }
  const options = { runOnly: ['color-contrast'], resultTypes: ['violations'], preload: false };
  const found = nodes.length ? (await axe.run({ include: nodes }, options)).violations : [];
  return [looks, found.flatMap((rule) => rule.nodes.map((node) => `${rule.id} ${node.html.slice(0, 120)}`))];
}"""
SEEN: dict[bool, set[str]] = {True: set(), False: set()}  # on a phone, on a desk
ALL_BUT_CONTRAST = {
    "resultTypes": ["violations"],
    "preload": False,
    "rules": {"color-contrast": {"enabled": False}},
}


def faults(page: Page) -> list[str]:
    """Everything that is wrong with the page as it stands, a sentence each."""
    name = page.title()
    return [f"{name}：{fault}" for fault in [*inaccessible(page), *foreign(page), *too_wide(page), *too_small(page)]]


def faults_at_both(page: Page) -> list[str]:
    """For a long way that goes at one size: how each of its pages stands at the other."""
    own, other = page.viewport_size, (1440, 900) if is_phone(page) else (390, 844)
    assert own
    found = faults(page)
    page.set_viewport_size({"width": other[0], "height": other[1]})
    found += faults(page)
    page.set_viewport_size(own)
    return found


def is_phone(page: Page) -> bool:
    return bool(page.viewport_size and page.viewport_size["width"] < 768)


def inaccessible(page: Page) -> list[str]:
    with scripts_on(page):
        found = Axe().run(page, options=ALL_BUT_CONTRAST).response["violations"]
        looks, pale = page.evaluate(CONTRAST, list(SEEN[is_phone(page)]))
    if not pale:
        SEEN[is_phone(page)].update(looks)
    return [f"{rule['id']} {node['html'][:120]}" for rule in found for node in rule["nodes"]] + pale


@contextmanager
def scripts_on(page: Page) -> Iterator[None]:
    """Axe waits, for ever in a browser without scripts: they run for axe alone, the page has loaded none of its own."""
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        yield
        return
    session = page.context.new_cdp_session(page)
    for off in (True, False):  # said by this session before it can be taken back
        session.send("Emulation.setScriptExecutionDisabled", {"value": off})
    yield
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})


def foreign(page: Page) -> list[str]:
    """Words that are not Chinese, and keys: town.7, computer_count."""
    words = NAMES.sub("", page.evaluate(VISIBLE_WORDS))
    return [f"“{word}”不是中文" for word in sorted(set(WORD.findall(words)) - WORDS_ALLOWED)]


def too_wide(page: Page) -> list[str]:
    size = page.viewport_size
    assert size
    wide = [
        width for width in (PHONE_WIDTHS if is_phone(page) else DESK_WIDTHS) if overflows(page, width, size["height"])
    ]
    page.set_viewport_size(size)
    return [f"{width} 像素宽时横向溢出" for width in wide]


def overflows(page: Page, width: int, height: int) -> bool:
    page.set_viewport_size({"width": width, "height": height})
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)


def too_small(page: Page) -> list[str]:
    if not is_phone(page):
        return []
    return [f"太矮，不好按：{target}" for target in page.evaluate(SMALL_TARGETS, TALL)]
