"""Sources by the names that readers know, on pages, in copied citations and in downloads, and nowhere else."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest

from index.types import Article
from tests.fake_answerer import FakeAnswerer, service_of
from tests.pages import page_of
from web.app import create_app
from web.command import add_command
from web.pages.source_names import MAX_CHARS, SourceNamesError, read_names, shipped_names

TEXT = "ارتفع سعر الخبز في تونس. ثم انخفض."
OWN = '[[outlet]]\nnames = ["Harbour Gazette", "bbc"]\nar = "جريدة الميناء"\n'


@pytest.mark.parametrize(("source", "arabic", "english"), [
    ("skynews", "سكاي نيوز عربية", "Sky News Arabia"), ("WWW.BBC.com ", "بي بي سي", "BBC"),
    ("CNN", "سي إن إن", "CNN"), ("The Paper", "The Paper", "The Paper"), ("", "", ""),
])
def test_known_outlets_are_named_in_both_languages(source: str, arabic: str, english: str) -> None:
    assert (shipped_names().name(source, "ar"), shipped_names().name(source, "en")) == (arabic, english)


def test_every_shipped_outlet_has_both_names() -> None:
    assert len(shipped_names().shown) > 20
    assert {frozenset(shown) for shown in shipped_names().shown.values()} == {frozenset({"ar", "en"})}


def test_a_file_goes_before_what_is_shipped(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text(OWN, encoding="utf-8")
    names = read_names(tmp_path / "names.toml")
    assert names.name("harbour  gazette", "ar") == "جريدة الميناء"
    assert (names.name("BBC", "ar"), names.name("BBC", "en")) == ("جريدة الميناء", "BBC")
    assert names.name("CNN", "ar") == "سي إن إن"


@pytest.mark.parametrize("text", [
    "[[outlet]", "outlet = 3", "[[outlet]]\nnames = []\nar = 'x'", "[[outlet]]\nnames = ['a']",
    "[[outlet]]\nnames = 'a'\nar = 'x'", "[[outlet]]\nnames = ['a']\nar = 3", "[[outlet]]\nnames = ['a']\nar = ' '",
    f"[[outlet]]\nnames = ['a']\nar = '{'x' * (MAX_CHARS + 1)}'", "outlet = ['a']",
])
def test_a_file_of_another_form_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "names.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceNamesError, match="names.toml"):
        read_names(tmp_path / "names.toml")
    with pytest.raises(SourceNamesError, match="missing.toml"):
        read_names(tmp_path / "missing.toml")


def test_pages_and_downloads_show_it_and_filters_and_the_api_keep_the_source(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    articles = (Article("bread", TEXT, "سعر الخبز", "skynews"), Article("other", "x", "y", "<b>"))
    client = create_app(service_of(FakeAnswerer(articles), tmp_path)).test_client()
    asked = "/?q=كم سعر الخبز؟&source=skynews"
    page = page_of(client, asked)
    assert "سكاي نيوز عربية" in page.text
    assert "skynews" in page.attributes("input", "value")
    assert ">skynews<" not in client.get(asked, headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "Sky News Arabia" in page_of(client, f"{asked}&lang=en").text
    for name, words in (("markdown", "سكاي نيوز عربية"), ("ris", "T2  - سكاي نيوز عربية"),
                        ("bibtex", "organization = {سكاي نيوز عربية}"),
                        ("csl", '"container-title": "سكاي نيوز عربية"')):
        assert words in client.get(f"/export?q=كم سعر الخبز؟&format={name}&lang=ar").get_data(as_text=True)
    assert client.get("/api/articles/bread").get_json()["source"] == "skynews"


def test_a_server_with_a_file_that_cannot_be_read_does_not_start(tmp_path: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    add_command(parser.add_subparsers())
    arguments = parser.parse_args(["serve", "--source-names", str(tmp_path / "none.toml")])
    assert arguments.run(arguments) == 2
    assert "--source-names" in capsys.readouterr().err
