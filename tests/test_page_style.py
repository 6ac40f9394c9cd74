"""The style sheet and the static files of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.pages import ASKED, WEB, client_of, page_of


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.generation.source.current_generation", lambda _index_dir: "g1")


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_of(tmp_path)


STYLE = (WEB / "static" / "page.css").read_text(encoding="utf-8")


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#\w+);", block))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it."""
    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        channels = [int(digits[at:at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
                            for channel in channels]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_known_for_black_on_white() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


SIDES = r"(?<![\w-])(?:left|right|margin-top|margin-bottom|padding-top|padding-bottom|width|height)\s*:"
LIGHT = colours(STYLE.split("@media", 1)[0])
DARK = LIGHT | colours(STYLE.split("@media (prefers-color-scheme: dark)", 1)[1].split("}\n}", 1)[0])


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_controls_have_the_contrast_of_wcag_aa(scheme: dict[str, str]) -> None:
    text = [("ink", "paper"), ("quiet", "paper"), ("red", "paper"), ("ink", "field"), ("ink", "mark"),
            ("on-button", "button"), ("quiet", "field"), ("red", "field"), ("green", "paper"), ("amber", "paper"),
            ("quiet", "mark"), ("red", "mark"), ("green", "mark"), ("amber", "mark")]  # a finding that a link leads to
    assert {pair: round(contrast(scheme[pair[0]], scheme[pair[1]]), 1) for pair in text
            if contrast(scheme[pair[0]], scheme[pair[1]]) < 4.5} == {}
    assert contrast(scheme["edge"], scheme["paper"]) >= 3  # the border by which a field is seen


@pytest.mark.parametrize("sheet", ["topic.css", "check.css", "folders.css"])
def test_no_style_sheet_knows_a_left_or_asks_for_anything(sheet: str) -> None:
    style = (WEB / "static" / sheet).read_text(encoding="utf-8")
    assert re.findall(SIDES, re.sub(r"@media [^{]*", "", style)) == []
    assert re.findall(r"@import|url\(", style) == []


def test_the_style_sheet_knows_no_left_and_no_right_and_asks_no_other_host() -> None:
    assert re.findall(SIDES, re.sub(r"@media [^{]*", "", STYLE)) == []
    assert re.findall(r"@import|url\(([^)]*)\)", STYLE) == ['"noto-naskh-arabic.woff2"']


def test_the_arabic_face_is_light_and_comes_with_its_licence() -> None:
    face = WEB / "static" / "noto-naskh-arabic.woff2"
    assert face.read_bytes()[:4] == b"wOF2"
    assert face.stat().st_size < 60 * 1024
    assert "SIL Open Font License, Version 1.1" in (WEB / "static" / "noto-naskh-arabic.OFL.txt").read_text("utf-8")


def test_a_page_with_its_style_sheet_and_script_is_small(client: FlaskClient) -> None:
    script = (WEB / "static" / "page.js").read_bytes()
    assert len(STYLE.encode()) + len(script) + len(client.get(ASKED).data) < 48 * 1024


def test_a_static_file_is_kept_for_good_under_its_version_only(client: FlaskClient) -> None:
    versioned = page_of(client, "/").attributes("link", "href")[0]
    assert versioned is not None
    with client.get(versioned) as current, client.get("/static/page.css?v=old") as old:
        assert current.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "no-cache" in old.headers["Cache-Control"]
    with client.get("/static/page.css", headers={"Range": "bytes=999999-"}) as beyond:
        assert (beyond.status_code, beyond.get_json()["type"]) == (416, "urn:musnad:problem:range-not-satisfiable")
