"""Reading refusals: which codes a service answered with."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError


def codes_of(refusal: ValidationError) -> set[str]:
    """The codes of a refusal, whether it is about fields or about the whole."""
    by_field = getattr(refusal, "error_dict", None)
    lists = [refusal.error_list] if by_field is None else by_field.values()
    return {str(error.code) for errors in lists for error in errors}


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is inside must be refused, with this code among others."""
    with pytest.raises(ValidationError) as caught:
        yield
    assert code in codes_of(caught.value)
