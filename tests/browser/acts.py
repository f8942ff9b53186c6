"""What a person does on the way, counted: pages seen, taps and clicks, characters typed, screens scrolled. A test holds
the counts, which are the same on every machine; seconds follow from them by fixed prices, never from a clock."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from playwright.sync_api import Page

log = logging.getLogger(__name__)

# Prices in seconds, after the keystroke-level model (Card, Moran, Newell 1983), rounded up: pointing with a decision,
# one character, a page that comes, one screen moved, a value glanced over, a question thought about. A Chinese sign
# is three keys of an input method.
TAP, KEY, PAGE, SCREEN, GLANCE, QUESTION, KEYS_OF_A_CHARACTER = 2.5, 0.3, 1.0, 1.0, 0.8, 4.0, 3

LISTEN = """
addEventListener('pointerdown', (event) => { if (event.isTrusted) acted('tap', ''); }, true);
const keyed = new WeakSet(); // fields whose keys were counted one by one
addEventListener('keydown', (event) => {
  if (!event.isTrusted) return;
  keyed.add(event.target);
  acted('key', event.key);
}, true);
addEventListener('change', (event) => {
  const field = event.target;
  const text = field.matches('textarea, input:not([type=radio], [type=checkbox], [type=file])');
  if (text && !keyed.has(field)) acted('typed', field.value);
}, true);
"""


@dataclass
class Acts:
    """Of one page from now on."""

    page: Page
    pages: int = 0
    taps: int = 0
    keys: int = 0
    screens: int = 0

    def __post_init__(self) -> None:
        self.page.wait_for_load_state()  # else the page that stands here would be counted as one that came
        self.page.expose_binding("acted", lambda _, what, words: self._acted(what, words))
        self.page.add_init_script(LISTEN)
        self.page.evaluate(f"() => {{ {LISTEN} }}")
        self.page.on("load", lambda _: self._came())

    def _came(self) -> None:
        self.pages += 1

    def _acted(self, what: str, words: str) -> None:
        if what == "tap":
            self.taps += 1
        elif what == "key":
            self.keys += 1
        else:  # filled at once by the test; a hand goes to the field first
            self.taps += 1
            self.keys += sum(1 if sign.isascii() else KEYS_OF_A_CHARACTER for sign in words)

    def look(self) -> None:
        """Down to the end of the page."""
        self.screens += int(self.page.evaluate("Math.ceil(document.documentElement.scrollHeight / innerHeight) - 1"))

    def seconds(self, glances: int = 0, questions: int = 0) -> int:
        hands = TAP * self.taps + KEY * self.keys + PAGE * self.pages + SCREEN * self.screens
        return round(hands + GLANCE * glances + QUESTION * questions)

    def tell(self, what: str, glances: int = 0, questions: int = 0) -> None:
        """A line for who asks how long it takes: ``pytest -rP --log-level INFO`` prints it."""
        log.info(
            f"{what}：{self.pages} 页，点 {self.taps} 次，按键 {self.keys} 次，翻 {self.screens} 屏，"
            f"看 {glances} 个数据，想 {questions} 个问题，约 {self.seconds(glances, questions)} 秒"
        )
