"""What every template owes: no inline script or style, links that lead, forms that send, buttons that say what for."""

import re

import pytest

from tests.portal import test_house
from tests.portal.test_house import source

TEMPLATES = [name for name in test_house.TEMPLATES if "paper" not in name]  # paper never meets a browser

TAG = r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*"


def tags(name, element):
    """The element's opening tags, template tags within them included. Comments are left out."""
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", source(name), flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", lambda match: match[0].replace(">", "&gt;").replace('"', "'"), text)
    return re.findall(rf"<{element}\b{TAG}>", text)


@pytest.mark.parametrize("name", TEMPLATES)
class TestTemplate:
    def test_no_inline_script_or_style(self, name):
        text = source(name)
        assert not [tag for tag in tags(name, "script") if "src=" not in tag]
        assert "<style" not in text
        assert not re.search(r"\sstyle\s*=", text)
        assert not re.search(r"\son[a-z]+\s*=", text)
        assert "javascript:" not in text

    def test_nothing_unescaped(self, name):
        assert not re.search(r"\|\s*(?:safe|safeseq)\b|{%\s*autoescape off", source(name))

    def test_links_lead_somewhere(self, name):
        assert [tag for tag in tags(name, "a") if not re.search(r"\shref=", tag)] == []
        assert [tag for tag in tags(name, "a") if re.search(r"\shref=[\"']#?[\"']", tag)] == []

    def test_windows_of_others_get_no_handle(self, name):
        assert [tag for tag in tags(name, "a") if "_blank" in tag and "noopener" not in tag] == []

    def test_forms_name_their_address_and_carry_the_token(self, name):
        forms = tags(name, "form")
        assert [tag for tag in forms if "action=" not in tag] == []
        posting = [tag for tag in forms if re.search(r"method=[\"']?post", tag, re.IGNORECASE)]
        assert source(name).count("{% csrf_token %}") >= len(posting)

    def test_buttons_say_what_kind_they_are_and_what_for(self, name):
        buttons = tags(name, "button")
        assert [tag for tag in buttons if not re.search(r"type=[\"']?(?:submit|button)", tag)] == []
        for inner, opening in zip(
            re.findall(r"<button\b.*?>(.*?)</button>", source(name), re.DOTALL), buttons, strict=False
        ):
            assert re.search(r"[\u4e00-\u9fff]|{{|{%", inner) or "aria-label" in opening, inner

    def test_pictures_are_named_or_hidden(self, name):
        assert [tag for tag in tags(name, "img") if "alt=" not in tag] == []
        assert [tag for tag in tags(name, "svg") if not re.search(r"aria-(?:hidden|label)", tag)] == []

    def test_table_heads_have_a_scope(self, name):
        assert [tag for tag in tags(name, "th") if "scope=" not in tag] == []

    def test_nothing_comes_from_elsewhere(self, name):
        assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", source(name))


def test_pages_extend_the_base_and_have_a_title_and_one_heading():
    for name in TEMPLATES:
        text = source(name)
        if not text.startswith('{% extends "base.html" %}'):
            continue
        assert "{% block title %}" in text, name
        assert text.count("<h1") == 1, name
