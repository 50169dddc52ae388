"""Every address of the platform, with a sample path, found by walking the URL configuration."""

import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, converters, get_resolver, reverse
from django.urls.resolvers import RoutePattern

SAMPLES: dict[type, Any] = {
    converters.IntConverter: 1,
    converters.SlugConverter: "nulle-part",
    converters.StringConverter: "nulle-part",
    converters.PathConverter: "nulle/part",
    converters.UUIDConverter: uuid.UUID(int=1),
}


class Address(NamedTuple):
    name: str
    path: str
    arguments: dict[str, Any]


def all_addresses() -> list[Address]:
    return list(walk(get_resolver().url_patterns, (), {}))


def walk(
    patterns: Sequence[URLPattern | URLResolver], spaces: tuple[str, ...], given: dict[str, Any]
) -> Iterator[Address]:
    for entry in patterns:
        sample = {**given, **arguments(entry)}
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from walk(entry.url_patterns, inner, sample)
        elif entry.name:
            name = ":".join((*spaces, entry.name))
            yield Address(name, reverse(name, kwargs=sample), sample)
        else:
            # The admin's own catch-all; an address of ours has a name.
            assert spaces == ("admin",), f"{entry.pattern} has no name"
            yield Address("admin:catch_all", "/admin/nulle-part/", {})


def arguments(entry: URLPattern | URLResolver) -> dict[str, Any]:
    """A value for each part of the path that varies."""
    if isinstance(entry.pattern, RoutePattern):
        found = entry.pattern.converters.items()
        return {name: SAMPLES[type(converter)] for name, converter in found}
    groups = re.findall(r"\(\?P<(\w+)>([^)]+)\)", entry.pattern.regex.pattern)
    return {name: text_like(expression) for name, expression in groups}


def text_like(expression: str) -> str:
    """Some text that a simple regular expression accepts."""
    candidates = ("1-a", "1", *expression.split("|"))
    return next(text for text in candidates if re.fullmatch(expression, text))
