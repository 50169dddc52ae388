"""A search that somebody looked at is counted by a POST of its page: a GET writes nothing.

The page carries what is to be counted, signed: nobody makes up a search, counts one twice, or keeps
one for later. Robots that run no scripts, and people without JavaScript, are not counted.
"""

import hashlib
import secrets
from typing import Final

from allauth.core.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from directory.boards.results import Board
from directory.services.counts import count_search

LIMIT: Final = "directory_count"  # ACCOUNT_RATE_LIMITS says how many
SALT: Final = "directory.search"
LIFE: Final = 15 * 60  # seconds


def token_of(board: Board) -> str:
    """What the page of these results sends back."""
    told = [secrets.token_urlsafe(6), board.query.words, board.providers]
    return signing.dumps(told, salt=SALT, compress=True)


@login_not_required
@csrf_exempt
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """204 for a search that was shown, counted once; 400 for a token that is not ours, or is old.

    Without the CSRF token: the frame of another site has no cookie, nothing here rests on one, and
    the signature says that the search was ours.
    """
    token = request.POST.get("token", "")
    try:
        _once, words, providers = signing.loads(token, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return HttpResponseBadRequest()
    seen = f"directory.seen.{hashlib.sha256(token.encode()).hexdigest()}"
    if consume(request, action=LIMIT) and cache.add(seen, True, LIFE):
        count_search(words=words, found_ids=providers, today=timezone.localdate())
    return HttpResponse(status=204)
