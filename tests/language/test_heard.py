"""Sentences of lower rooms in the reader's words: found by their template, never stale, English where none fits."""

import ast
import json
import re
from pathlib import Path

import pytest

import staffing
from staffing.domain.scenario import Scenario
from staffing.errors import InputErrors
from staffing.language import heard, speaking
from staffing.language.heard import GATHERED, SENTENCES

PACKAGE = Path(staffing.__file__).parent
#: Of validators: pydantic writes them, and `domain.base` puts them together.
VALIDATED = tuple(one for one in SENTENCES if one.startswith("must "))


def strings() -> str:
    """Every piece of text that the code holds, sentences here aside."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py") if path.name != "heard.py")
    nodes = (node for tree in trees for node in ast.walk(tree))
    return "\n".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_no_sentence_outlives_the_code_that_writes_it():
    code = strings()
    for sentence in set(SENTENCES) - set(VALIDATED):
        for piece in re.split(r"{\w+}", sentence):
            assert piece.strip() in code, sentence


@pytest.mark.parametrize(
    ("english", "persian"),
    [
        ("there is no agent 'سارا'.", "کارشناسی به نام «سارا» نیست."),
        ("voice: 55 days of history; holidays, month ends and the year are hardly known.", "voice: ۵۵ روز سابقه؛"),
        ("11.5 h rest before 08:00, at least 12", "۱۱٫۵ ساعت فاصله پیش از ۰۸:۰۰، دست‌کم ۱۲"),
        ("calls.csv: is empty. Export it again.", "calls.csv: خالی است. Export"),
        ("'' is not a number. So it is in 3 rows: 2, 4, 7.", "'' is"),
        ("something that nobody foresaw", "something that nobody foresaw"),
        ("", ""),
    ],
)
def test_what_differs_stands_in_its_place(english, persian):
    assert heard(english) == english
    with speaking("fa"):
        assert heard(english).startswith(persian)


def test_what_a_validator_says_is_heard():
    with pytest.raises(InputErrors) as told:
        Scenario.parse({"name": "base", "queues": [{"name": "voice", "aht_s": -1}], "paths": "many"})
    with speaking("fa"):
        for problem in told.value.problems:
            assert heard(problem.what) != problem.what, problem.what


def test_whatever_the_code_tells_is_heard():
    told = json.loads(GATHERED.read_text(encoding="utf-8"))
    with speaking("fa"):
        unheard = [
            one
            for one in told
            if heard(filled := re.sub(r"{\w}", "Ω", one).replace("{{", "{").replace("}}", "}")) == filled
        ]
    assert unheard == []
