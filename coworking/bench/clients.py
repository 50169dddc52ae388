"""HTTP clients that keep their connection and their cookies, and read forms as a browser does."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from coworking.bench.servers import HOST

TIMEOUT = 30  # seconds


class BenchError(Exception):
    """The benchmark cannot go on: what it measures is not there, or is not what it should be."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: str
    seconds: float

    @property
    def location(self) -> str:
        return self.headers["Location"] or ""


class Client:
    """One visitor. Not for several threads at once."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=TIMEOUT)
        self.cookies = dict(cookies or {})

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", path, None, headers or {})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), kind)

    def page(self, path: str) -> str:
        """The body of a page that must be there."""
        answer = self.get(path)
        if answer.status != 200:
            raise BenchError(f"GET {path} answered {answer.status} {answer.location}")
        return answer.body

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        began = time.perf_counter()
        self.connection.request(method, path, body, {**sent, **headers})
        response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers, content.decode(), seconds)


class _Forms(HTMLParser):
    """Of each form: the names of its fields, and what those for typing hold."""

    TYPED = frozenset({"hidden", "text", "date", "time"})

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[set[str], dict[str, str]]] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name")
        if tag == "form":
            self.forms.append((set(), {}))
            self.is_inside = True
        elif self.is_inside and name:
            names, typed = self.forms[-1]
            names.add(name)
            if values.get("type") in self.TYPED:
                typed[name] = values.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False


def form_with(field: str, html: str) -> dict[str, str]:
    """What a visitor would send of the form that has this field, before choosing anything."""
    reader = _Forms()
    reader.feed(html)
    for names, typed in reader.forms:
        if field in names:
            return typed
    raise BenchError(f"No form with the field {field} on the page")


def log_in(client: Client, path: str, email: str, password: str) -> None:
    """Through the login page, as anybody."""
    form = form_with("login", client.page(path))
    answer = client.post(path, {**form, "login": email, "password": password})
    if answer.status != 302 or "sessionid" not in client.cookies:
        raise BenchError(f"{email} could not log in: {answer.status} {answer.location}")
