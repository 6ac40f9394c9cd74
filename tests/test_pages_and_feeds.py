"""Web pages and feeds as publishing systems make them: what is the article, and what stands around it."""

# ruff: noqa: E501  # lines of markup as programs write it
from __future__ import annotations

import json
from html import escape

import pytest

from index.sources.feeds import FeedEntry, article_of_entry, parse_feed
from index.sources.html import article_of_page
from index.sources.no_article import OWN_NAMES
from index.sources.pdf import article_of_pdf
from index.sources.rejections import RejectedError
from index.types import Article
from tests.test_readers import drawn_pdf
from web.pages import arabic, english

ONE = "رمّم عمال البلدية سور المدينة القديم في حي البرتقال بعد أن سقط جزء منه في عاصفة الشتاء الماضي."
TWO = "وقالت المهندسة سهاد الطوبجي إن العمل استغرق أحد عشر أسبوعًا، وإن كلفته بلغت 640 ألف دينار."
THREE = "ويُفتح الطريق المحاذي للسور أمام المشاة صباح السبت، أما السيارات فتبقى ممنوعة منه حتى نهاية الصيف."
TITLE = "ترميم سور المدينة القديم"
LOAD = "holds no text until a browser runs its scripts"


def page(body: str, *, title: str = TITLE, head: str = '<meta property="og:type" content="article">') -> bytes:
    return (f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
            f"<body>{body}</body></html>").encode()


def read(body: str, *, address: str = "", **more: str) -> Article:
    return article_of_page(page(body, **more), address=address, fallback_id="a")


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


# ---- live blogs and other pages of several pieces ----

def post(time: str, heading: str, text: str, *, tag: str = "article", name: str = "post") -> str:
    return (f'<{tag} class="{name}"><div class="post-meta"><time datetime="{time}">{time[11:16]}</time> <a href="#x">مشاركة</a>'
            f"</div>{f'<h2>{heading}</h2>' if heading else ''}<p>{text}</p></{tag}>")


POSTS = [("2018-03-05T18:40:00+02:00", "انتهاء العمل", ONE), ("2018-03-05T11:05:00+02:00", "وصول المهندسين", TWO),
         ("2018-03-04T09:30:00+02:00", "سقوط جزء من السور", THREE)]
HEAD = '<meta property="og:type" content="article"><meta property="article:published_time" content="2018-03-05T08:00:00+02:00">'
WHOLE = (f"18:40 انتهاء العمل\n\n{ONE}\n\n11:05 وصول المهندسين\n\n{TWO}\n\n2018-03-04 09:30 سقوط جزء من السور\n\n{THREE}")


@pytest.mark.parametrize("layout", [
    "<main><h1>{title}</h1><div class='live-blog'>{articles}</div></main>",
    "<article><h1>{title}</h1><div class='feed'>{articles}</div></article>",
    "<article><h1>{title}</h1><div id='live'>{divisions}</div></article>",
    "<main><h1>{title}</h1>{boxed}</main>",
])
def test_the_posts_of_a_live_blog_are_one_article_and_each_has_its_time(layout: str) -> None:
    body = layout.format(title=TITLE, articles="".join(post(*one) for one in POSTS),
                         divisions="".join(post(*one, tag="div", name="live-update") for one in POSTS),
                         boxed="".join(f"<div class='box'>{post(*one)}</div>" for one in POSTS))
    assert read(body, head=HEAD).text == WHOLE


def test_a_post_without_a_heading_has_its_time_on_a_line_above_it() -> None:
    body = f"<main><h1>{TITLE}</h1>{''.join(post(time, '', text) for time, _, text in POSTS[:2])}</main>"
    assert read(body, head=HEAD).text == f"18:40\n\n{ONE}\n\n11:05\n\n{TWO}"


def test_a_live_blog_that_scripts_draw_is_read_from_what_it_declares() -> None:
    declared = {"@type": "LiveBlogPosting", "headline": TITLE, "datePublished": "2018-03-05T08:00:00+02:00", "liveBlogUpdate": [
        {"@type": "BlogPosting", "headline": heading, "datePublished": time, "articleBody": text} for time, heading, text in POSTS]}
    head = f'<script type="application/ld+json">{json.dumps(declared)}</script>'
    assert read("<div id='root'></div>", head=head).text == WHOLE


def test_teasers_comments_and_further_articles_are_no_posts() -> None:
    main = f"<article><h1>{TITLE}</h1>{paragraphs(ONE, TWO, THREE)}</article>"
    teasers = "".join(f'<article><h3><a href="/n{number}">خبر آخر رقم {number}</a></h3><p>مقتطف من خبر آخر.</p></article>'
                      for number in range(3))
    comments = f"<div id='comments'><article class='comment'><p>{ONE}</p></article><article class='comment'><p>x</p></article></div>"
    further = "<article><h1>مقال آخر في الصفحة نفسها</h1><p>نص المقال الآخر الذي تحمّله الصفحة في آخرها، وهو طويل.</p></article>"
    for around in (teasers, comments, further):
        assert read(f"<main>{main}{around}</main>").text == f"{ONE}\n\n{TWO}\n\n{THREE}"


# ---- what stands around an article ----

@pytest.mark.parametrize("furniture", [
    "<p>ظهرت المقالة <a href='/a'>ترميم السور</a> أولًا على <a href='/'>صحيفة الضفة</a>.</p>",
    "<p>The post <a href='/a'>Wall</a> appeared first on <a href='/'>The Bank</a>.</p>",
    "<p>نُشر هذا المقال أولاً في مجلة الضفة</p>",
    "<div class='paywall'><h3>هذا المحتوى للمشتركين فقط</h3><p>تبقى لك 2 من 3 مقالات مجانية هذا الشهر.</p><a href='/s'>اشترك "
    "الآن</a> <a href='/l'>تسجيل الدخول</a></div>",
    "<p>Already a subscriber? Log in to continue reading.</p>",
    "<p>لقراءة بقية المقال يرجى تسجيل الدخول</p>",
    "<p>الزيارات: 1532</p><p>التصنيفات: محليات، عمران</p><p>شارك هذا الخبر:</p>",
    "<table><tr><td><a href='/'>الرئيسية</a></td><td><a href='/n'>أخبار</a></td><td><a href='/s'>رياضة</a></td></tr></table>",
    "<ul><li><a href='/'>الرئيسية</a></li><li><a href='/n'>أخبار</a></li><li><a href='/s'>رياضة</a></li></ul>",
    "<p>]]></p>",
])
def test_furniture_is_no_part_of_the_article(furniture: str) -> None:
    whole = f"{ONE}\n\n{TWO}\n\n{THREE}"
    assert read(f"<article><h1>{TITLE}</h1>{paragraphs(ONE, TWO, THREE)}{furniture}</article>").text == whole
    assert read(f"<article><h1>{TITLE}</h1>{furniture}{paragraphs(ONE, TWO, THREE)}</article>").text == whole


@pytest.mark.parametrize("sentence", [
    "ظهرت أولًا على السطح فقاعات كبيرة، ثم ارتفعت حرارة الماء في المسبح كله.",
    "شارك في المؤتمر ثلاثون خبيرًا.",
    "وقالت الشركة إن العرض مخصص للمشتركين فقط.",
    "سجّل الفريق في الدقيقة الأخيرة هدف الفوز.",
    "اشترك في المسابقة 30 طالبًا.",
    "التفاصيل كثيرة ولا يتسع لها هذا المقال.",
    "كتبها الشاعر في 5 مارس 2018 وهو في السجن.",
])
def test_a_sentence_with_the_words_of_furniture_stays(sentence: str) -> None:
    for texts in ((sentence, ONE, TWO, THREE), (ONE, TWO, THREE, sentence)):
        assert read(f"<article><h1>{TITLE}</h1>{paragraphs(*texts)}</article>").text == "\n\n".join(texts)


@pytest.mark.parametrize("line", [
    "{title} admin الاثنين, 03/05/2018 - 12:11", "admin", "بواسطة سهاد الكاتبة | 5 مارس 2018", "نُشرت في 5 آذار، 2018",
    "كتب بواسطة: Super User", "Submitted by admin on Mon, 03/05/2018 - 12:11", "آخر تحديث: 05-03-2018 09:12 مساءً",
])
def test_a_line_of_names_and_dates_is_no_sentence(line: str) -> None:
    markup = f"<span>{line.format(title=TITLE)}</span>{paragraphs(ONE, TWO, THREE)}"
    entry = FeedEntry("1", "https://a.example/1", TITLE, "", "", "سهاد الكاتبة", "", markup, is_whole=True)
    assert article_of_entry(entry, parse_feed(feed(""))).text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_a_layout_of_tables_gives_its_lines_and_a_table_of_data_its_rows() -> None:
    data = "<table><tr><td>الحجارة</td><td>4000</td></tr><tr><td>الأعمدة</td><td>12</td></tr></table>"
    body = (f"<table><tr><td><a href='/'>الرئيسية</a> | <a href='/n'>أخبار</a></td></tr><tr><td>{paragraphs(ONE, TWO)}{data}"
            f"{paragraphs(THREE)}</td></tr></table>")
    assert read(body).text == f"{ONE}\n\n{TWO}\n\nالحجارة | 4000\nالأعمدة | 12\n\n{THREE}"


# ---- what a page declares ----

def test_a_headline_that_is_escaped_twice_is_read_as_written() -> None:
    declared = json.dumps({"@type": "Article", "headline": "&amp;quot;السور&amp;quot; يعود"})
    bodies = [f'<script type="application/ld+json">{declared}</script>',
              '<meta property="og:title" content="&amp;amp;quot;السور&amp;amp;quot; يعود"><meta property="og:type" content="article">']
    body = f"<article>{paragraphs(ONE + ' &amp;ndash; كما قيل &amp;#8211; ' + TWO, THREE)}</article>"
    for head in bodies:
        article = read(body, head=head, title="x")
        assert article.title == '"السور" يعود'
        assert article.text == f"{ONE} – كما قيل – {TWO}\n\n{THREE}"


@pytest.mark.parametrize(("declared", "url"), [
    ("https://bank.example/أخبار/سور المدينة", "https://bank.example/أخبار/سور%20المدينة"),
    ("https://bank.example/%D8%B3%D9%88%D8%B1 1", "https://bank.example/%D8%B3%D9%88%D8%B1%201"),
    ("https://bank.example/a\n/b", "https://bank.example/a/b"),
    ("https://bank.example/\u200fسور", "https://bank.example/%E2%80%8Fسور"),
    ("/news/سور", "https://bank.example/news/سور"),
    ("https://bank.example/", "https://bank.example/n/5"),
    ("https://other.example/a", "https://bank.example/n/5"),
])
def test_a_declared_address_that_is_written_loosely_is_the_articles(declared: str, url: str) -> None:
    head = f'<link rel="canonical" href="{escape(declared)}"><meta property="og:type" content="article">'
    article = read(f"<article>{paragraphs(ONE, TWO, THREE)}</article>", head=head, address="https://bank.example/n/5")
    assert (article.url, "url_as_read" in article.metadata) == (url, False)


def test_a_saved_page_takes_the_first_address_that_can_be_one() -> None:
    head = ('<link rel="canonical" href="/n/5"><meta property="og:url" content="https://bank.example/n/5"><meta '
            'property="og:type" content="article">')
    assert read(f"<article>{paragraphs(ONE, TWO, THREE)}</article>", head=head).url == "https://bank.example/n/5"


# ---- pages that are no articles ----

@pytest.mark.parametrize(("body", "address", "why"), [
    ("<div class='tgme_page'><div>ضفة</div><p>If you have Telegram, you can view post and join right away.</p></div>",
     "https://t.me/daffa/12", "is a page of t.me: Telegram's page of one message holds no text"),
    ("<div id='react-root'></div><noscript>JavaScript is not available.</noscript>", "https://x.com/a/status/1",
     "is a page of x.com: it shows posts to a browser of somebody who is logged in"),
    ("<div id='app'></div><noscript>You need to enable JavaScript to run this app.</noscript>", "https://a.example/1", LOAD),
    ("<div id='__next'></div><p>يتطلب الموقع جافاسكربت</p>", "https://a.example/1", LOAD),
    ("<h1>تسجيل الدخول</h1><form><input type='text'><input type='password'></form><p>أدخل بريدك وكلمة المرور.</p>",
     "https://a.example/1", "asks for a login and holds no article"),
    ("<h1>Just a moment...</h1><p>Checking your browser before accessing a.example.</p>", "https://a.example/1",
     "is a page that keeps programs out"),
    ("<h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p>", "https://a.example/1",
     "is a page that keeps programs out"),
    ("<h1>500 Internal Server Error</h1><p>nginx</p>", "https://a.example/1", "is a fault of its server"),
    ("<h1>الموقع تحت الصيانة</h1><p>نعود إليكم قريبًا بحلة جديدة وخدمات أفضل لكل القراء في كل مكان.</p>", "https://a.example/1",
     "is a fault of its server"),
    ("<p>Error establishing a database connection</p>", "https://a.example/1", "is a fault of its server"),
    ("<h1>نستخدم ملفات تعريف الارتباط</h1><p>نحن وشركاؤنا نستخدم ملفات تعريف الارتباط لتحسين تجربتك. راجع سياسة الخصوصية لمعرفة "
     "ما نجمعه من معلومات عن زيارتك وكيف يمكنك أن ترفض ذلك أو تقبله في أي وقت تشاء من الأوقات، وشكرًا لكم.</p>",
     "https://a.example/1", "is a page that asks for consent"),
    ("<h1>404</h1><p>لم نعثر على ما تبحث عنه</p>", "https://a.example/1", "is a page that says that something was not found"),
    ("<h2>هذا المقال للمشتركين</h2><p>اشترك الآن لقراءة المقال</p><p>تقرير قصير.</p><p>سعر الاشتراك دينار واحد في الأسبوع الأول "
     "ويمكنك الإلغاء متى شئت.</p>", "https://a.example/1", "shows its article to subscribers only"),
])
def test_a_page_that_is_no_article_says_what_it_is_and_what_to_do(body: str, address: str, why: str) -> None:
    with pytest.raises(RejectedError, match=f"^{why}") as error:
        read(body, address=address, title="", head="")
    assert ";" in error.value.reason


@pytest.mark.parametrize("title", [
    "500 ألف نازح في الخيام", "404 قتلى في انهيار المنجم", "حدث خطأ طبي في مستشفى المدينة فعوقب الطبيب", "Forbidden City opens again",
    "Maintenance of the wall costs a million", "429 مدرسة تفتح أبوابها", "تسجيل الأصوات يبدأ غدًا"])
def test_an_article_whose_headline_begins_like_a_notice_is_read(title: str) -> None:
    assert read(f"<h1>{title}</h1>{paragraphs(ONE, TWO, THREE)}", title=title, head="").title == title


def test_a_page_that_this_program_made_is_no_article() -> None:
    assert (arabic.TEXTS["site"], english.TEXTS["site"]) == OWN_NAMES
    for name in OWN_NAMES:
        with pytest.raises(RejectedError, match="^is a page of answers that this program made"):
            read(f"<main><h2>متى رُمّم السور؟</h2>{paragraphs(ONE, TWO, THREE)}</main>", title=f"متى رُمّم السور؟ · {name}")


# ---- feeds ----

def feed(items: str) -> bytes:
    return (f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc='
            f'"http://purl.org/dc/elements/1.1/"><channel><title>الضفة</title><link>https://a.example</link>{items}</channel></rss>'
            ).encode()


def entry(*, content: str = "", description: str = "", link: str = "https://a.example/1", more: str = "") -> FeedEntry:
    carried = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    (one,) = parse_feed(feed(f"<item><title>{TITLE}</title><link>{link}</link><description>{escape(description)}</description>"
                             f"{carried}{more}</item>")).entries
    return one


EXCERPT = ONE[:60] + " [&#8230;]"
ENDINGS = [
    "<p>ودعت البلدية السكان إلى تقديم المزيد.</p>", "<p>وقالت: «لن نتوقف...».</p>", "<p>وختم بالقول «سنعود…»</p>",
    "<p>قال إنه لا يعرف بقية التفاصيل.</p>", "<p>He told the children to read more.</p>", "<p>«نريد المزيد»</p>",
]
CUT = [
    '<p>وقالت المهندسة إن <a class="more-link" href="https://a.example/1#more">أكمل القراءة <span>←</span></a></p>',
    '<p>وقالت المهندسة إن</p><p><a href="https://a.example/1">تابع القراءة »</a></p>', "<p>وقالت المهندسة إن [&#8230;]</p>",
    "<p>وقالت المهندسة إن…</p>", "<p>وقالت المهندسة ... المزيد</p>", "<p>وقالت المهندسة إن</p><p>المزيد...</p>",
    '<p>وقالت <a href="https://a.example/1">Continue reading <em>“السور”</em></a></p>', "<p>وقالت</p>إقرأ المزيد",
    '<p>وقالت المهندسة <a href="https://a.example/1">لقراءة المقال كاملًا</a>.</p>', "<p>وقالت</p><p>Lire la suite</p>",
    "<p>وقالت</p><p>متابعة القراءة</p>", "<p>لقراءة الخبر كاملًا اضغط هنا</p>", "<p>اقرأ بقية الموضوع على موقعنا</p>", "<p>وقالت المهندسة إن (التفاصيل)</p><p>للمزيد</p>",
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_entry_that_ends_with_a_sentence_is_whole(ending: str) -> None:
    assert entry(content=paragraphs(ONE, TWO, THREE) + ending, description=EXCERPT).is_whole


@pytest.mark.parametrize("ending", CUT)
def test_an_entry_that_leads_to_its_rest_is_a_teaser(ending: str) -> None:
    assert not entry(content=paragraphs(ONE, TWO, THREE) + ending, description=EXCERPT).is_whole
    assert not entry(description=paragraphs(*[ONE, TWO, THREE] * 6) + ending).is_whole


def test_a_flash_of_one_sentence_is_whole_and_a_short_description_is_not() -> None:
    flash = "عاجل: استقالة رئيس بلدية البرتقال بعد جلسة طارئة."
    assert entry(content=f"<p>{flash}</p>", description=f"{flash}</p> [&#8230;]").is_whole
    assert not entry(description=flash).is_whole
    assert not entry(content="<p>صورة السور بعد ترميمه في الشتاء الماضي</p>", description=flash).is_whole


@pytest.mark.parametrize("wrapped", [
    "<![CDATA[{}]]>", "&lt;![CDATA[{}]]&gt;", "{escaped}", "{twice}", "<![CDATA[{twice}]]>",
])
def test_a_wrapper_that_was_escaped_with_the_text_goes(wrapped: str) -> None:
    markup = paragraphs(*[ONE, TWO, THREE] * 4)
    one = entry(description=wrapped.format(markup, escaped=escape(markup), twice=escape(escape(markup))))
    assert one.is_whole
    assert article_of_entry(one, parse_feed(feed(""))).text == "\n\n".join([ONE, TWO, THREE] * 4)


@pytest.mark.parametrize(("said", "author"), [
    ("<author>noreply@blogger.com (ليلى سور)</author>", "ليلى سور"), ("<author>ليلى سور (noreply@blogger.com)</author>", "ليلى سور"),
    ("<dc:creator>ليلى سور &lt;l@a.example&gt;</dc:creator>", "ليلى سور"), ("<author>editor@a.example</author>", ""),
    ("<dc:creator>admin</dc:creator>", ""), ("<dc:creator>بقلم: ليلى سور</dc:creator>", "ليلى سور"),
    ("<dc:creator>ليلى سور</dc:creator>", "ليلى سور"),
])
def test_an_author_is_a_name_without_an_address_or_an_account(said: str, author: str) -> None:
    assert entry(content=paragraphs(ONE, TWO, THREE), more=said).author == author


def test_an_entry_whose_link_has_a_space_or_a_line_break_keeps_it() -> None:
    assert entry(content=paragraphs(ONE, TWO), link="https://a.example/أخبار/سور المدينة").link == (
        "https://a.example/أخبار/سور%20المدينة")
    assert entry(content=paragraphs(ONE, TWO), link="https://a.example/a\n/b").link == "https://a.example/a/b"


# ---- PDF ----

def test_numbers_beside_each_other_in_a_right_to_left_line_keep_their_order_and_signs() -> None:
    names = {chr(code): chr(code) for code in range(0x20, 0x40)} | {"#": "\u0633", "~": "-"}
    for drawing, text in ((b"(5% 12%+ 450 #) Tj", "س 450 +12% 5%"), (b"(380 5%~ 7 #) Tj", "س 7 -5% 380")):
        assert article_of_pdf(drawn_pdf(b"BT /F 12 Tf 10 50 Td " + drawing + b" ET", names)).text == text
