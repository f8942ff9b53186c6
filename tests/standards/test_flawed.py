"""Each file of tests/flawed has one flaw and is refused with one sentence, which its first line gives."""

from pathlib import Path

import pytest
from django.conf import settings

from standards.files import read_fixtures, toml_of
from standards.rules import parse_edition
from standards.rules.flaws import Flaws

FLAWED = sorted((Path(settings.BASE_DIR) / "tests" / "flawed").glob("*.toml"))


@pytest.fixture(scope="module")
def fixtures():
    return read_fixtures(Path(settings.BASE_DIR) / "fixtures")


def refusal(path, fixtures):
    text = path.read_text(encoding="utf-8")
    with pytest.raises(Flaws) as refused:
        parse_edition(toml_of(text, path.name), fixtures.dictionary, fixtures.interpretations, path.name)
    return refused.value.sentences, text.splitlines()[0].removeprefix("# expect: ")


@pytest.mark.parametrize("path", FLAWED, ids=lambda path: path.stem)
def test_a_flaw_is_refused_with_its_sentence(path, fixtures):
    sentences, expected = refusal(path, fixtures)
    assert sentences == [f"{path.name}: {expected}"]


@pytest.mark.parametrize("path", FLAWED, ids=lambda path: path.stem)
def test_a_sentence_is_one_line_and_says_what_to_do(path, fixtures):
    [sentence], _ = refusal(path, fixtures)
    assert "\n" not in sentence
    assert "；" in sentence


def test_there_are_flaws_of_every_kind():
    assert len(FLAWED) >= 80


def test_all_flaws_of_a_file_are_told_at_once(fixtures):
    path = next(path for path in FLAWED if path.stem == "unknown_key_in_standard")
    text = path.read_text(encoding="utf-8").replace('["A4"]', '["A999"]').replace("at_least = 3", "at_least = true")
    with pytest.raises(Flaws) as refused:
        parse_edition(toml_of(text, "x.toml"), fixtures.dictionary, fixtures.interpretations, "x.toml")
    assert len(refused.value.sentences) == 3
