"""Sources by the names that readers know, on pages, in copied citations and in downloads, and nowhere else."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from pathlib import Path

import docx
import pytest

from index.types import Article
from qa import cli
from qa.source_names import MAX_CHARS, SourceNamesError, read_names, shipped_names
from tests.fake_answerer import ALTERED_QUOTE, FakeAnswerer, service_of
from tests.pages import page_of
from web.app import create_app
from web.command import add_command

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
                        ("bibtex", "organization = {{سكاي نيوز عربية}}"),
                        ("csl", '"container-title": "سكاي نيوز عربية"')):
        assert words in client.get(f"/export?q=كم سعر الخبز؟&format={name}&lang=ar").get_data(as_text=True)
    assert client.get("/api/articles/bread").get_json()["source"] == "skynews"


@pytest.mark.parametrize(("address", "name"), [
    *(("/timeline/export", name) for name in ("markdown", "csv")),
    *(("/affair/export", name) for name in ("markdown", "docx", "ris", "bibtex", "csl")),
    ("/check/export", "markdown")])
def test_what_is_taken_away_names_the_source_as_the_page_does(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, name: str) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")
    article = Article("bread", TEXT, "سعر الخبز", "skynews", published="2026-03-01")
    monkeypatch.setattr("tests.fake_answerer.BREAD", article)
    client = create_app(service_of(FakeAnswerer((article,)), tmp_path)).test_client()
    for language, shown in (("ar", "سكاي نيوز عربية"), ("en", "Sky News Arabia")):
        asked = f"{address}?q=كم سعر الخبز؟&format={name}&lang={language}"
        response = client.post(asked, data={"text": ALTERED_QUOTE, "format": name}) if address.startswith("/check") \
            else client.get(asked)
        assert response.status_code == 200
        written = "\n".join(each.text for each in docx.Document(io.BytesIO(response.data)).paragraphs) \
            if name == "docx" else response.get_data(as_text=True)
        assert shown in written
        assert "skynews" not in written


@pytest.mark.parametrize("asked", [("timeline", "--format", "csv"), ("timeline", "--format", "markdown"),
                                   ("affair", "--format", "markdown"), ("affair", "--format", "ris")])
def test_a_command_writes_the_names_too_and_refuses_a_file_that_cannot_be_read(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...],
        ) -> None:
    answerer = FakeAnswerer((Article("bread", TEXT, "سعر الخبز", "Harbour Gazette", published="2026-03-01"),))
    monkeypatch.setattr("qa.opening.load_answerer", lambda *_, **__: answerer)
    (tmp_path / "names.toml").write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("MUSNAD_SOURCE_NAMES", str(tmp_path / "names.toml"))
    assert cli.main([asked[0], "كم سعر الخبز؟", *asked[1:]]) == 0
    assert "جريدة الميناء" in capsys.readouterr().out
    monkeypatch.setenv("MUSNAD_SOURCE_NAMES", str(tmp_path / "none.toml"))
    assert cli.main([asked[0], "كم سعر الخبز؟", *asked[1:]]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_a_server_with_a_file_that_cannot_be_read_does_not_start(tmp_path: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    add_command(parser.add_subparsers())
    arguments = parser.parse_args(["serve", "--source-names", str(tmp_path / "none.toml")])
    assert arguments.run(arguments) == 2
    assert "--source-names" in capsys.readouterr().err
