"""Compare what is taken out of real web pages: ours, bare trafilatura and readability.

The pages and what is right of them are those of trafilatura's own tests, as its source archive 0.3.1 carried them. They
belong to their publishers and are not part of this project. Fetch the archive, then run:

    pip download --no-deps --no-binary :all: trafilatura==0.3.1 && tar xzf trafilatura-0.3.1.tar.gz
    python -m benchmarks.extraction trafilatura-0.3.1

For each page, the tests name phrases that belong to the article and phrases that do not. The table counts, over all
phrases, how precise and how complete each extractor is, and how long it takes. trafilatura was made with these pages.
"""

from __future__ import annotations

import argparse
import ast
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.sources.declared import decode_declared
from index.sources.html import article_of_page, text_of_fragment
from index.sources.rejections import RejectedError


@dataclass(frozen=True, slots=True)
class Page:
    """A page, with phrases of its article and phrases of what stands around it."""

    content: bytes
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


def ours(content: bytes) -> str:
    """Return the text that this project takes out of a page; "" if it rejects the page."""
    try:
        article = article_of_page(content)
    except RejectedError:
        return ""
    return f"{article.title}\n{article.text}"


def bare_trafilatura(content: bytes) -> str:
    """Return the text that trafilatura takes with its own settings, without comments."""
    from trafilatura import extract

    return extract(decode_declared(content), include_comments=False) or ""


def readability(content: bytes) -> str:
    """Return the text that readability-lxml takes."""
    from readability import Document

    document = Document(decode_declared(content))
    return f"{document.short_title()}\n{text_of_fragment(document.summary())}"


EXTRACTORS: dict[str, Callable[[bytes], str]] = {
    "ours": ours, "trafilatura": bare_trafilatura, "readability-lxml": readability}


def pages_of(archive: Path) -> list[Page]:
    """Read the pages of trafilatura's tests and the phrases that these assert."""
    tree = ast.parse((archive / "tests/unit_tests.py").read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    phrases: dict[str, tuple[list[str], list[str]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MOCK_PAGES":
            names = ast.literal_eval(node.value)
        if isinstance(node, ast.FunctionDef):
            _collect(node, phrases)
    folder = archive / "tests/cache"
    return [Page((folder / names[address]).read_bytes(), tuple(wanted), tuple(unwanted))
            for address, (wanted, unwanted) in phrases.items()
            if address in names and (folder / names[address]).exists()]


def _collect(function: ast.FunctionDef, phrases: dict[str, tuple[list[str], list[str]]]) -> None:
    address = ""
    for statement in function.body:
        if (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
                and ast.unparse(statement.value.func) == "load_mock_page"):
            address = ast.literal_eval(statement.value.args[0])
        elif isinstance(statement, ast.Assert) and address:
            for test in statement.test.values if isinstance(statement.test, ast.BoolOp) else [statement.test]:
                if (isinstance(test, ast.Compare) and isinstance(test.left, ast.Constant)
                        and ast.unparse(test.comparators[0]) == "result"):
                    wanted = isinstance(test.ops[0], ast.In)
                    phrases.setdefault(address, ([], []))[0 if wanted else 1].append(str(test.left.value))


def main() -> None:
    """Print a table, a line for each extractor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path, help="the unpacked source archive of trafilatura 0.3.1")
    pages = pages_of(parser.parse_args().archive)
    print(f"{len(pages)} pages, {sum(len(page.wanted) for page in pages)} phrases of articles, "
          f"{sum(len(page.unwanted) for page in pages)} phrases around them")
    for name, extract in EXTRACTORS.items():
        found = missed = taken = 0
        started = time.process_time()
        for page in pages:
            text = " ".join(extract(page.content).split())
            held = [" ".join(phrase.split()) in text for phrase in page.wanted]
            found, missed = found + sum(held), missed + len(held) - sum(held)
            taken += sum(" ".join(phrase.split()) in text for phrase in page.unwanted)
        seconds = time.process_time() - started
        precision, recall = found / ((found + taken) or 1), found / ((found + missed) or 1)
        print(f"{name:18} precision {precision:.3f}  recall {recall:.3f}  "
              f"F1 {2 * precision * recall / ((precision + recall) or 1):.3f}  "
              f"{1000 * seconds / len(pages):.0f} ms a page")


if __name__ == "__main__":
    main()
