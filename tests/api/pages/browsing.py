"""What a browser does with a page: reads its words, fills in its forms, and finds fault with its markup."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from fastapi import FastAPI
from fastapi.testclient import TestClient

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VOID = {"meta", "link", "input", "br", "hr", "img"}
QUICK_EXIT = "https://www.wikipedia.org"


def browser(app: FastAPI, *, base_url: str = "http://localhost", address: str = "127.0.0.1") -> TestClient:
    """A browser at an address, which knows the application under a name."""
    return TestClient(
        app, base_url=base_url, client=(address, 50_000), headers={"Accept": ACCEPT}, follow_redirects=False
    )


@dataclass
class Form:
    """A form with what it would send if nothing were touched; `fields` may hold a name more than once."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **changes: str | list[str]) -> dict[str, list[str]]:
        """What is sent after some fields were filled in."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        for name, value in changes.items():
            sent[name] = [value] if isinstance(value, str) else value
        return sent


class Page(HTMLParser):
    """A page, read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline_script = ""
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._words: list[str] = []
        self._said: dict[str, list[str]] = {}
        self.feed(html)

    @property
    def words(self) -> str:
        """Everything that can be read on the page."""
        return " ".join(" ".join(self._words).split())

    def said(self, role: str) -> str:
        """What stands in the elements of a role, such as `alert`."""
        return " ".join(" ".join(self._said.get(role, [])).split())

    def form(self, action: str) -> Form:
        """The first form that goes to an address."""
        return next(form for form in self.forms if form.action == action)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag == "form":
            self.forms.append(Form(attributes.get("action", ""), attributes.get("method", "get")))
        if tag == "input" and self.forms:
            self._note(attributes)
        if tag not in VOID:
            self._open.append((tag, attributes))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if any(tag in {"script", "style"} for tag, _ in self._open):
            self.inline_script += data.strip()
            return
        self._words.append(data)
        for _, attributes in self._open:
            if attributes.get("role"):
                self._said.setdefault(attributes["role"], []).append(data)

    def _note(self, attributes):
        is_box = attributes.get("type") == "checkbox"
        if attributes.get("name") and (not is_box or "checked" in attributes):
            self.forms[-1].fields.append((attributes["name"], attributes.get("value") or ""))


def faults(html: str) -> list[str]:
    """What is wrong with a page's markup, by the rules that every page here keeps."""
    page = Page(html)
    return [name for name, is_broken in FAULTS.items() if is_broken(page)]


def _ids(page):
    return [attributes["id"] for _, attributes in page.elements if "id" in attributes]


def _has_bare_field(page):
    labelled = {attributes.get("for") for tag, attributes in page.elements if tag == "label"}
    fields = [a for tag, a in page.elements if tag in {"input", "textarea", "select"} and a.get("type") != "hidden"]
    return any(not (a.get("aria-label") or a.get("id") in labelled) for a in fields)


def _leads_elsewhere(page):
    addresses = [
        attributes[name] or ""
        for _, attributes in page.elements
        for name in ("href", "src", "action", "hx-get", "formaction")
        if name in attributes
    ]
    return any(re.match(r"[a-z]+:|//", address) and address != QUICK_EXIT for address in addresses)


def _refers_to_nothing(page):
    ids = set(_ids(page))
    named = [
        each
        for _, attributes in page.elements
        for name in ("for", "aria-labelledby", "aria-describedby")
        for each in (attributes.get(name) or "").split()
    ]
    return any(each not in ids for each in named)


FAULTS = {
    "no language": lambda page: not any(tag == "html" and a.get("lang") for tag, a in page.elements),
    "not one main heading": lambda page: [tag for tag, _ in page.elements].count("h1") != 1,
    "a style attribute": lambda page: any("style" in attributes for _, attributes in page.elements),
    "an inline script or style": lambda page: bool(page.inline_script),
    "an event handler": lambda page: any(name.startswith("on") for _, a in page.elements for name in a),
    "an address elsewhere": _leads_elsewhere,
    "a field without a label": _has_bare_field,
    "an id twice": lambda page: len(_ids(page)) != len(set(_ids(page))),
    "a name that refers to nothing": _refers_to_nothing,
}
