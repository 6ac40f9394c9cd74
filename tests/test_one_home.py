"""Each rule of language has one home: no other module of the product strips attached letters, tells scripts apart or
lists verbs of saying, function words, countries or number words."""

from __future__ import annotations

import ast
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

import pytest

from index.language import function_words, nations, numbers, saying
from index.language.arabic import normalise
from index.language.clitics import with_article
from tests.conftest import PROJECT

# A list of so many words, so large a share of which a home has, belongs in that home.
LEAST_WORDS = 3
SHARE = 0.6
# So many countries and nationalities belong in their home, among whatever other words.
LEAST_NATIONS = 5

_OPTIONAL_LETTER = re.compile(r"(?<![ء-ي\]])[وفبكلس]\?|\[[وفبكلس]{1,6}\]")
_OPTIONAL_GROUP = re.compile(r"\((?:\?:)?(?:[وفبكلسا]{1,3}\??\|?)+\)\?")
_ONLY_CLITICS = re.compile(r"[وفبكلس]{1,4}|[وفبك]?ال|و?لل")
_TEXT_TESTS = {"startswith", "removeprefix", "lstrip", "fullmatch", "match"}
_LETTER_RANGE = re.compile(r"(?s)(.)-(.)")


@functools.lru_cache(maxsize=1)
def nodes(source: str) -> tuple[ast.AST, ...]:
    """Every node of a source. All rules look at it before the next one is parsed: the nodes of all sources together
    would stay in memory."""
    return tuple(ast.walk(ast.parse(source)))


@functools.lru_cache(maxsize=1)
def constants(source: str) -> tuple[tuple[int, str], ...]:
    """Line and text of every string in a source, docstrings left out; of an f-string, of each of its parts."""
    docstrings = {id(node.body[0].value) for node in nodes(source)
                  if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
                  and node.body and isinstance(node.body[0], ast.Expr)}
    return tuple((node.lineno, node.value) for node in nodes(source)
                 if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings)


def attached_letters(source: str) -> Iterator[int]:
    """Lines with a pattern of optional attached letters, or with a test of a word's first letter for one."""
    yield from (line for line, text in constants(source)
                if _OPTIONAL_LETTER.search(text) or _OPTIONAL_GROUP.search(text))
    for node in nodes(source):
        if isinstance(node, ast.Compare):
            tested = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_TESTS:
            tested = list(node.args)
        else:
            continue
        if any(_ONLY_CLITICS.fullmatch(each.value) for value in tested for each in ast.walk(value)
               if isinstance(each, ast.Constant) and isinstance(each.value, str)):
            yield node.lineno


def ranges_of_letters(source: str) -> Iterator[int]:
    """Lines with a range of Arabic or Cyrillic letters, or with a comparison of a character with such a letter."""
    for line, text in constants(source):
        if any(_is_foreign_letter(first) and _is_foreign_letter(last) for first, last in _LETTER_RANGE.findall(text)):
            yield line
    for node in nodes(source):
        if isinstance(node, ast.Compare) and any(isinstance(test, ast.LtE | ast.Lt) for test in node.ops) and any(
                isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) == 1
                and _is_foreign_letter(each.value) for each in (node.left, *node.comparators)):
            yield node.lineno


def _is_foreign_letter(character: str) -> bool:
    return unicodedata.category(character)[0] == "L" and (
        "\u0400" <= character <= "\u04ff" or "\u0600" <= character <= "\u06ff")


def lists(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of every string that is split or compared word by word, and of every tuple, list and set of single
    words."""
    for node in nodes(source):
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            elements = [each.value for each in node.elts if isinstance(each, ast.Constant)]
            words = [word for word in elements if isinstance(word, str) and re.fullmatch(r"\w+", word)]
            if len(words) == len(node.elts):
                yield node.lineno, " ".join(words)
        elif isinstance(node, ast.Call):
            splits = isinstance(node.func, ast.Attribute) and node.func.attr == "split"
            compares = isinstance(node.func, ast.Name) and node.func.id == "compared_words"
            said = node.func.value if splits and isinstance(node.func, ast.Attribute) else \
                node.args[0] if compares else None
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield node.lineno, said.value


def listing(words: frozenset[str], texts: Iterable[tuple[int, str]]) -> Iterator[int]:
    """Lines of those of the texts that have these words, several of them and few others."""
    for line, text in texts:
        found = {normalise(word) for word in re.findall(r"\w+", text) if not word.isupper()}
        if len(found & words) >= LEAST_WORDS and len(found & words) >= SHARE * len(found):
            yield line


def naming_nations(source: str) -> Iterator[int]:
    """Lines of lists with several countries or nationalities, with an ending or without, whatever else they have."""
    for line, text in lists(source):
        found = {normalise(word) for word in text.split()}
        if sum(not NATIONS.isdisjoint({word, *map(word.removesuffix, _ENDINGS)}) for word in found) >= LEAST_NATIONS:
            yield line


def _of(module: object) -> frozenset[str]:
    """The words of the public lists of a module."""
    return frozenset(word for name, words in vars(module).items() if name.isupper()
                     and isinstance(words, tuple | frozenset) for word in words)


NUMBER_WORDS = frozenset(
    normalise(word) for word in "واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة ثلاث اربع خمس ست سبع ثماني تسع"
    " عشر عشرون ثلاثون مئة مائة نصف ثلث ربع".split()) | numbers.ORDINAL_WORDS | frozenset(numbers.SCALES) | frozenset(
        numbers.ENGLISH_UNITS)

SAYING, FUNCTION_WORDS = _of(saying), _of(function_words)
NATIONS = _of(nations) | frozenset(map(with_article, nations.NATIONALITIES))
_ENDINGS = ("ه", "ون", "ين")

Scan = Callable[[str], Iterator[int]]
HOMES: dict[str, tuple[str, Scan]] = {
    "attached letters": ("index/language/clitics.py", attached_letters),
    "scripts": ("index/language/scripts.py", ranges_of_letters),
    "saying": ("index/language/saying.py",
               lambda source: listing(SAYING, [*constants(source), *lists(source)])),
    "nations": ("index/language/nations.py", naming_nations),
    # Prose has many of them, so lists alone are looked at.
    "function words": ("index/language/function_words.py", lambda source: listing(FUNCTION_WORDS, lists(source))),
    "number words": ("index/language/numbers.py",
                     lambda source: listing(NUMBER_WORDS, [*constants(source), *lists(source)])),
}


def lines_of_rules(source: str) -> dict[str, list[int]]:
    return {rule: list(scan(source)) for rule, (_, scan) in HOMES.items()}


@pytest.fixture(scope="module")
def product() -> dict[str, dict[str, list[int]]]:
    """For each file of the product, the lines with each rule."""
    return {path.relative_to(PROJECT).as_posix(): lines_of_rules(path.read_text(encoding="utf-8"))
            for package in ("index", "qa", "web") for path in sorted((PROJECT / package).rglob("*.py"))}


@pytest.mark.parametrize("rule", HOMES)
def test_each_rule_of_language_has_one_home(product: dict[str, dict[str, list[int]]], rule: str) -> None:
    found = {place: lines[rule] for place, lines in product.items()}
    assert found.pop(HOMES[rule][0])
    assert {f"{place}:{line}" for place, lines in found.items() for line in lines} == set()


@pytest.mark.parametrize(("rule", "line"), [
    ("attached letters", r'A = re.compile(rf"\b[وف]?(?:{B})")'), ("attached letters", r'A = r"\bو?كم\b"'),
    ("attached letters", r'A = r"(?:و|ال|وال|لل|ل|ب)?رئيس"'), ("attached letters", r'A = r"(?:ال)?جافا"'),
    ("attached letters", 'a = word[0] == "و"'), ("attached letters", 'a = word[:1] in ("و", "ف")'),
    ("attached letters", 'a = word[0] in "وفلب"'), ("attached letters", 'a = word.startswith("ال")'),
    ("attached letters", 'a = word.removeprefix("لل")'),
    ("scripts", 'A = re.compile("[ء-ي]+")'), ("scripts", 'A = "[\\u0620-\\u064a]"'), ("scripts", 'A = "[а-яё]"'),
    ("scripts", 'A = rf"{B}[أ-ي]"'), ("scripts", 'a = "ء" <= letter <= "ي"'),
    ("saying", 'A = "قال أعلن أضاف صرح".split()'), ("saying", 'A = r"(?:said|told|added)"'),
    ("saying", 'A = ("قال", "قالت", "ذكر")'),
    ("function words", 'A = "the of and who what".split()'), ("function words", 'A = {"في", "من", "على"}'),
    ("function words", 'A = compared_words("""кто где когда""")'),
    ("nations", 'A = compared_words("باريس طوكيو فرنسا اليابان بريطانيا مصر تونس")'),
    ("nations", 'A = "مدير الفرنسية الهندي وزير الياباني صينيون سفير بريطانيون".split()'),
    ("number words", 'A = "ثلاثة أربعة خمسة".split()'), ("number words", 'A = r"\\b(?:three|four|five)\\b"'),
    ("number words", 'A = {"ألف": 1, "b": "مليون مليار آلاف"}')])
def test_a_rule_outside_its_home_is_found(rule: str, line: str) -> None:
    assert set(HOMES[rule][1](f'"""Text."""\nimport re\ndef f(word, letter):\n    {line}\n')) == {4}


@pytest.mark.parametrize("line", [
    'A = re.compile(rf"{AND}(?:قال)")', 'A = "قالت?"', 'A = {"ب": "b", "ف": "f"}', 'A = "وزير والدفاع"',
    'A = "[a-z]+"', 'A = "\\u0610-\\u061a\\u064b-\\u065f"', 'A = "وقّع الرئيس اتفاقا في جنيف وقال إنه جيد"',
    'a = count < 3'])
def test_other_lines_are_no_rule(line: str) -> None:
    source = f"def f():\n    {line}\n"
    assert lines_of_rules(source) == {rule: [] for rule in HOMES}
