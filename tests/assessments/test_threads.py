"""留言: a reviewer says something of a row, the surveyor answers, both read it, until the survey is accepted."""

import pytest

from assessments import reviewing, workflow
from assessments.models import Comment, Notice, Review
from tests.assessments.acts import accepted, fresh, returned
from tests.assessments.conftest import URL
from tests.assessments.test_queries import count

pytestmark = pytest.mark.django_db
ROW = f"{URL}clauses/7/"
ASKED, SAID = "照片看不清哪一台", "第三台在二楼，已重拍"


@pytest.fixture
def begun(staged, own, browse):
    """A submitted survey of whose seventh row the reviewer asked something, on the review page."""
    survey = staged("opened")
    data = {"clause": "town.7", "said__town.7": ASKED}
    assert browse(own).post(f"{URL}review/comment/", data).status_code == 302
    return survey


def answer(client, said=SAID):
    return client.post(f"{ROW}answer/", {"said": said})


def thread(client):
    page = client.get(ROW).content.decode()
    return page[page.index('id="thread"') : page.index("</section>", page.index('id="thread"'))]


def test_the_other_side_is_told_and_answers_and_both_read_it_oldest_first(
    begun, surveyor, own, officer, browse, client_of_surveyor
):
    colleague, elsewhere = officer("reviewer"), officer("reviewer", unit="440403")
    told = Notice.objects.get()
    assert (told.officer, told.by) == (surveyor, own)
    assert "第7项" in told.title
    assert ASKED not in told.text  # which stays in the inbox when reach has changed
    assert told.link == f"{ROW}#thread"
    assert ASKED in thread(client_of_surveyor)
    assert answer(client_of_surveyor).headers["Location"] == f"{ROW}#thread"
    assert Notice.objects.exclude(officer=surveyor).get().officer == own  # who asked, and no colleague
    for client in (client_of_surveyor, browse(own)):
        said = thread(client)
        assert said.index(ASKED) < said.index(f"{surveyor.display_name}（填报员）") < said.index(SAID)
    for who, may in ((own, True), (surveyor, True), (officer("viewer"), False)):
        page = browse(who).get(f"{URL}review/").content.decode()
        assert SAID in page
        assert (f"{ROW}#thread" in page) is may
    assert answer(browse(colleague), "谢谢").status_code == 302
    assert answer(browse(elsewhere)).status_code == 404
    assert answer(browse(officer("viewer"))).status_code == 403
    assert "发出回复" not in thread(browse(officer("viewer")))
    assert Comment.objects.count() == 3


def test_what_was_returned_is_still_talked_about_and_what_is_accepted_no_more(
    begun, own, surveyor, browse, client_of_surveyor
):
    returned(begun, own)
    for client in (client_of_surveyor, browse(own)):
        assert answer(client).status_code == 302
    workflow.submit(fresh(begun), surveyor)
    newest = reviewing.submission_of(begun)
    assert not newest.reviews.filter(verb=Review.OPENED).exists()
    answer(browse(own), "收到")  # and so has opened it: it cannot be withdrawn
    assert newest.reviews.filter(verb=Review.OPENED).exists()
    accepted(begun, own)
    late = answer(client_of_surveyor, "还有一句")
    assert late.status_code == 409
    assert "不能再留言" in late.content.decode()
    assert "还有一句" in thread_of(late)
    assert "发出回复" not in thread(client_of_surveyor)
    assert Comment.objects.count() == 4


def thread_of(response):
    page = response.content.decode()
    return page[page.index('id="thread"') :]


def test_what_is_said_with_a_return_is_told_in_one_notice(begun, own, surveyor, browse):
    form = {
        "row": ["town.7", "town.8"],
        "reason": "wrong",
        "text": "请核对",
        "said__town.7": "数不对",
        "said__town.8": "缺页",
    }
    assert browse(own).post(f"{URL}review/return/", form).status_code == 302
    told = Notice.objects.get(key__startswith="return ")
    assert (told.officer, told.link) == (surveyor, URL)
    assert "2 项" in told.text
    assert "数不对" not in told.text


def test_nobody_answers_where_nothing_was_said_nor_with_nothing_or_too_much(begun, client_of_surveyor):
    assert client_of_surveyor.post(f"{URL}clauses/8/answer/", {"said": SAID}).status_code == 422
    assert client_of_surveyor.post(f"{URL}clauses/99/answer/", {"said": SAID}).status_code == 404
    long = "长" * 301
    for said, why in (("  ", "请先写留言"), (long, "最多 300 字，现在 301 字")):
        refused = answer(client_of_surveyor, said)
        assert refused.status_code == 422
        assert why in refused.content.decode()
    assert long in refused.content.decode()  # what was typed stays
    assert Comment.objects.count() == 1


def test_where_who_asked_reviews_no_more_the_office_is_told(begun, own, officer, client_of_surveyor):
    colleague = officer("reviewer")
    officer("reviewer", unit="440403")
    type(own).objects.filter(pk=own.pk).update(is_active=False)
    answer(client_of_surveyor)
    assert [each.officer for each in Notice.objects.filter(by__role="surveyor")] == [colleague]


def test_the_page_costs_the_same_however_long_the_thread(begun, own, surveyor, client_of_surveyor):
    few = count(client_of_surveyor, ROW)
    Comment.objects.bulk_create(Comment(survey=begun, clause="town.7", text="再看", by=own) for _ in range(50))
    assert count(client_of_surveyor, ROW) == few <= 14
