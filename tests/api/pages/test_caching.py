"""What may a browser keep? Files that are alike for everyone, and nothing that is somebody's."""

import os

import pytest

from api import assets
from domain.access import Actor
from tests.api.pages.browsing import Page
from tests.scenarios import enrolled_member, programme


@pytest.fixture
def coordinator(service, moment, enter):
    """A coordinator's browser."""
    return enter(Actor.COORDINATOR, programme(service, moment))


def kept(answer):
    return answer.headers["Cache-Control"]


def files_of(page):
    """The addresses of the files that a page loads."""
    return [a.get("src") or a["href"] for tag, a in page.elements if tag in {"link", "script"}]


@pytest.mark.parametrize("path", ["/proposals", "/docs", "/people/{}/consents"])
def test_the_files_of_a_page_are_kept_and_the_page_is_not(service, moment, coordinator, path):
    person = enrolled_member(service, moment).person_id
    answer = coordinator.get(path.format(person))
    files = [coordinator.get(address) for address in files_of(Page(answer.text))]

    assert (answer.status_code, kept(answer)) == (200, "no-store")
    assert [file.status_code for file in files] == [200] * len(files)
    assert len(files) > 1
    assert {kept(file) for file in files} == {assets.FOR_EVER}


def test_a_file_under_another_version_is_asked_for_each_time(visitor):
    current = assets.address_of("static/exit.js")
    answers = [visitor.get("/static/exit.js"), visitor.get(current[:-1]), visitor.get(f"{current}&x")]
    again = visitor.get("/static/exit.js", headers={"If-None-Match": answers[0].headers["ETag"]})

    assert {kept(answer) for answer in answers} == {assets.ASK_AGAIN}
    assert again.status_code == 304


def test_a_file_that_changes_gets_another_address(tmp_path, monkeypatch):
    monkeypatch.setitem(assets.FOLDERS, "static", assets.Assets(directory=tmp_path))
    addresses = []
    for changed_s, words in enumerate(("a", "a", "b")):
        (tmp_path / "x.js").write_text(words)
        os.utime(tmp_path / "x.js", (changed_s, changed_s))
        addresses.append(assets.address_of("static/x.js"))

    assert addresses[0] == addresses[1] != addresses[2]


@pytest.mark.parametrize("path", ["/", "/static/nothing.js", "/nowhere", "/api/rounds", "/healthz"])
def test_nothing_else_is_kept(visitor, path):
    assert kept(visitor.get(path)) == "no-store"
