"""The date of a page is that of its article, not of what stands around it."""

from __future__ import annotations

import pytest

from index.sources.html import article_of_page

TEXT = "<p>" + "أزهرت أشجار اللوز في وادي السرو قبل أوانها بثلاثة أسابيع بعد شتاء دافئ قلّ مطره. " * 3 + "</p>"
OLD = '<time datetime="2011-01-02">2 يناير 2011</time>'


def published(inside: str = "", *, head: str = "", after: str = "", in_article: str = "") -> str:
    page = (f'<html lang="ar"><head><title>أزهار اللوز</title><meta property="og:type" content="article">{head}</head>'
            f"<body><main><article><h1>أزهار اللوز</h1>{inside}{TEXT}{in_article}</article>{after}"
            f"</main></body></html>")
    return article_of_page(page.encode()).published


@pytest.mark.parametrize("around", [
    f"<aside>{OLD}</aside>", f'<div class="related-posts"><article><h3>قديم</h3>{OLD}</article></div>',
    f"<article><h3>قديم</h3>{OLD}</article>", f'<section id="comments"><article>{OLD}</article></section>',
    f"<footer>{OLD}</footer>"])
@pytest.mark.parametrize("place", ["after", "in_article"])
def test_what_stands_around_gives_no_date(around: str, place: str) -> None:
    assert published(**{place: around}) == ""
    assert published('<span class="posted-on">9 حزيران، 2017</span>', **{place: around}) == "2017-06-09"


@pytest.mark.parametrize("inside", [
    '<time itemprop="datePublished" datetime="2017-06-09">الجمعة</time>', '<time datetime="2017-06-09">الجمعة</time>',
    '<p class="meta">نُشر الجمعة 9 حزيران 2017 الساعة 10:20</p>',
    '<span class="date">الجمعة 9 حزيران 2017 - 08:05 م</span>',
    '<time class="published" datetime="2017-06-09">x</time><time class="updated" datetime="2017-07-01">x</time>'])
def test_the_date_of_the_article_comes_before_that_of_the_page(inside: str) -> None:
    assert published(inside, head='<meta name="date" content="2026-11-20">') == "2017-06-09"


@pytest.mark.parametrize("head", [
    '<meta http-equiv="date" content="2026-11-20">', '<meta http-equiv="last-modified" content="2026-11-20">',
    '<meta name="date" content="2026-11-20"><meta property="article:modified_time" content="2017-06-10">'])
def test_the_day_on_which_a_page_was_made_is_no_date(head: str) -> None:
    assert published(head=head) == ""
