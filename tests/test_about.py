"""Which articles are about what is asked."""

from __future__ import annotations

from datetime import date

from qa.answerer import Answerer
from qa.types.filters import NO_FILTERS, Filters


def test_articles_are_found_by_their_words_in_whatever_form_and_paged(sample_answerer: Answerer) -> None:
    found = sample_answerer.browse(NO_FILTERS, offset=0, limit=50, words="ترامب")
    assert {"helsinki-summit-2018", "doha-agreement-2020", "inf-treaty-1987"} <= {
        article.id for article in found.articles}
    assert found.total == len(found.articles)
    second = sample_answerer.browse(NO_FILTERS, offset=1, limit=1, words="ترامب")
    assert (second.total, second.articles) == (found.total, found.articles[1:2])


def test_an_article_that_lacks_a_word_is_not_found_and_filters_hold(sample_answerer: Answerer) -> None:
    assert sample_answerer.browse(NO_FILTERS, offset=0, limit=50, words="رهائن طوكيو").total == 0
    late = Filters(published_from=date(2019, 1, 1))
    found = sample_answerer.browse(late, offset=0, limit=50, words="ترامب")
    assert found.total == len(found.articles) > 0
    assert [article.id for article in found.articles if article.published < "2019"] == []
