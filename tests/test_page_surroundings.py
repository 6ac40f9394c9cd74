"""What page builders, plugins and papers put around and into an article's markup, and what is the article's own."""

# ruff: noqa: E501  # lines of markup as programs write it
from __future__ import annotations

import pytest

from index.sources.html import text_of_fragment
from index.sources.instants import iso_instant
from index.types import Article
from tests.test_pages_and_feeds import ONE, THREE, TWO, paragraphs, read

WHOLE = f"{ONE}\n\n{TWO}"


def article(extra: str = "", *, before: str = "", head: str = '<meta property="og:type" content="article">') -> Article:
    return read(f"<main><article><h1>ترميم سور المدينة القديم</h1>{before}<div class='entry-content'>{paragraphs(ONE, TWO)}{extra}"
                f"</div></article></main>", head=head)


@pytest.mark.parametrize("layout", [
    "<div class='elementor-widget elementor-widget-text-editor'><div class='elementor-widget-container'>{}</div></div>",
    "<div class='so-widget-sow-editor so-widget-sow-editor-base'>{}</div>", "<div class='wpb_text_column wpb_content_element'>{}</div>",
    "<div class='et_pb_module et_pb_text et_pb_widget'>{}</div>"])
def test_each_piece_of_a_page_builder_is_text(layout: str) -> None:
    pieces = "".join(layout.format(f"<p>{text}</p>") for text in (ONE, TWO, THREE))
    assert read(f"<div class='elementor'><h1>ترميم سور المدينة القديم</h1>{pieces}</div>").text == f"{WHOLE}\n\n{THREE}"


def test_an_article_that_carries_its_tags_as_classes_is_text() -> None:
    aside = "<div>" + "<p>خبر في الجانب عن الطقس.</p>" * 40 + "</div>"
    text = read(f"<article class='post-7 post type-post hentry category-social tag-share tag-widget'><h1>ترميم سور المدينة القديم"
                f"</h1>{paragraphs(ONE, TWO)}</article>{aside}").text
    assert text.startswith(WHOLE)


@pytest.mark.parametrize("furniture", [
    "<p>اقرأ أيضًا: <a href='/x'>سور آخر يُرمّم في حي الليمون</a></p>", "<p><b>شاهد أيضا</b></p>", "<p>اقرأ المزيد: <a href='/x'>خبر آخر</a></p>",
    "<h3>مواضيع ذات صلة</h3><ul><li><a href='/a'>خبر أول</a></li><li><a href='/b'>خبر ثان</a></li></ul>",
    "<div><h3>روابط من الأرشيف</h3></div><ul><li><a href='/a'>خبر أول</a></li><li><a href='/b'>خبر ثان</a></li></ul>",
    "<p>تابعوا آخر الأخبار عبر أخبار غوغل</p>", "<p>للمزيد من الأخبار تابعونا على تلغرام</p>", "<p>للاشتراك في النشرة البريدية اضغط هنا</p>",
    "<p>المصدر: وكالات</p>", "<p>(انتهى)</p>", "<p>ر.ن/س.ب</p>", "<p>شاركها فيسبوك تويتر واتساب</p>",
    "<p>هذا المقال ترميم السور ظهر أولًا في جريدة الضفة.</p>", "<p>أكمل قراءة المقال بالاشتراك</p>", "<p>لديك اشتراك؟ سجل دخولك</p>",
    "<p>احصل على وصول غير محدود ابتداء من دينارين شهريا</p>", "<p>هذا التقرير حصري للمشتركين</p>"])
def test_what_leads_elsewhere_is_no_line_of_the_article(furniture: str) -> None:
    assert article(furniture).text == WHOLE


@pytest.mark.parametrize("line", [
    "وقال إن المصدر الأول للمياه جف.", "وانتهى العمل في الربيع.", "اقرأ ما كتبه الرحالة قبل أن تزور السور.",
    "تابع العمال الحفر حتى المساء.", "وشارك في العمل خمسون عاملًا."])
def test_a_sentence_that_uses_such_words_is_one(line: str) -> None:
    assert article(f"<p>{line}</p>").text == f"{WHOLE}\n\n{line}"


def test_a_heading_of_links_within_a_section_that_goes_on_stays() -> None:
    menu = "<h3>أسوار المدن</h3><ul><li><a href='/a'>سور أول</a></li><li><a href='/b'>سور ثان</a></li></ul>"
    assert article(f"{menu}<p>{THREE}</p>").text == f"{WHOLE}\n\nأسوار المدن\n\n{THREE}"


def test_the_cells_of_a_layout_are_divisions_though_their_paragraphs_are_short() -> None:
    side = "<td><a href='/1'>خبر عن السوق</a><br><a href='/2'>خبر عن الطقس</a></td>"
    text = read(f"<table><tr><td><p>{ONE}</p><p>وبلغت كلفته 640 ألف دينار.</p></td>{side}</tr></table>").text
    assert text == f"{ONE}\n\nوبلغت كلفته 640 ألف دينار."


def test_one_paragraph_is_the_article_without_what_stands_beside_it() -> None:
    long = f"{ONE} {TWO}"
    related = "<div class='jp-relatedposts'><h3>مقالات مشابهة</h3></div>"
    assert read(f"<article><h1>ترميم سور المدينة القديم</h1><p>{long}</p>{related}</article>").text == long


@pytest.mark.parametrize(("before", "head", "day"), [
    ("<div class='post-meta'><span>بواسطة سهاد</span><span>الإثنين 5 آذار 2018 - 10:20</span></div>", "", "2018-03-05"),
    ("<div class='last-updated'><span>6 آذار 2018</span></div>", "", ""),
    ("", "<link rel='canonical' href='https://a.example/2018/3/5/wall'>", "2018-03-05"),
    ("", "<link rel='canonical' href='https://a.example/2018/03/wall'>", ""),
    ("", "<link rel='canonical' href='https://a.example/archive/2018/13/45/wall'>", ""),
    ("<time datetime='2018-03-04'></time>", "<link rel='canonical' href='https://a.example/2018/3/5/wall'>", "2018-03-04")])
def test_the_day_is_in_the_box_of_the_date_or_in_the_address(before: str, head: str, day: str) -> None:
    assert article(before=before, head=f'<meta property="og:type" content="article">{head}').published == day


def test_an_address_without_its_scheme_is_the_articles() -> None:
    assert article(head='<meta property="og:type" content="article"><link rel="canonical" href="//a.example/news/7">').url == (
        "https://a.example/news/7")


def test_the_zone_that_is_of_arabia_or_of_the_atlantic_is_unknown() -> None:
    assert iso_instant("Mon Mar 05 10:00:00 AST 2018") == "2018-03-05T10:00:00"


def test_in_plain_text_a_blank_line_and_a_line_that_ends_a_sentence_end_a_paragraph() -> None:
    assert text_of_fragment("سطر أول\nمنه. \nسطر ثان\n\nفقرة ثالثة") == "سطر أول منه.\n\nسطر ثان\n\nفقرة ثالثة"
