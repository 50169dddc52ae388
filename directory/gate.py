"""The gate of the public forms: what anybody may send without an account passes here.

No outside service: a signed, time-stamped token says that the page was read before it was sent, a
field that people do not see catches robots, a bucket slows down who sends much, and a fingerprint
finds the same words again.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

from allauth.core.ratelimit import consume
from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.folding import fold

QUICKEST: Final = timedelta(seconds=2)  # nobody reads and writes faster
LONGEST: Final = timedelta(hours=12)  # a page left open since yesterday is drawn anew
SAME_WITHIN: Final = timedelta(days=7)
TOKEN, TRAP = "gate_token", "gate_trap"


def fingerprint(*texts: str) -> str:
    """A hash of the folded words: the same for what differs in case, accents and spaces only."""
    return hashlib.sha256("\x1f".join(fold(text) for text in texts).encode()).hexdigest()


def token_of(action: str, now: datetime) -> str:
    """What the form of this action carries when it is drawn."""
    return _signer(action).sign(str(int(now.timestamp())))


def age_of(token: str, action: str, now: datetime) -> timedelta | None:
    """How long ago the form was drawn; None for a token that is not ours, or of another form."""
    try:
        drawn = datetime.fromtimestamp(int(_signer(action).unsign(token)), UTC)
    except (BadSignature, ValueError, OverflowError):
        return None
    return now - drawn


def allowed(request: HttpRequest, action: str, *, email: str = "") -> bool:
    """Whether this sender may send once more; counts the try.

    One bucket for each network address, one for each account, or for the e-mail address that a
    visitor gives. `settings.ACCOUNT_RATE_LIMITS` says how many: `action` for the network address,
    `action_sender` for the other.
    """
    if not consume(request, action=action):
        return False
    who = f"account {request.user.pk}" if request.user.is_authenticated else email.lower()
    return not who or consume(request, action=f"{action}_sender", key=who)


def too_many() -> ValidationError:
    """The refusal of who sends too much, for the view to put on its form."""
    return ValidationError(
        _("Vous avez beaucoup écrit d’un coup. Laissez passer une heure, puis réessayez."),
        code="too_many",
    )


class GatedForm(forms.Form):
    """A form that anybody may send. `{{ form }}` draws its token and its trap.

    A template that draws the fields one by one ends with `{{ form.gate_trap.as_field_group }}` and
    `{{ form.gate_token }}`. Refuses with `robot`, `forged`, `too_fast` or `too_old`; what was typed
    stays on the page, and the page has a good token.

    Args:
        now: the instant of the request.
    """

    gate_action: ClassVar[str]  # a token is good for the form of its action only

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields[TRAP] = _Trap()
        self.fields[TOKEN] = forms.CharField(
            required=False, max_length=200, widget=_TokenInput(self.gate_action, now)
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        values = self.cleaned_data if cleaned is None else cleaned
        trapped = values.pop(TRAP, "")
        age = age_of(values.pop(TOKEN, ""), self.gate_action, self.now)
        if trapped:
            self.add_error(None, ValidationError(_("Ce message n’a pas pu partir."), code="robot"))
        elif age is None:
            forged = _("Cette page n’est pas complète. Vérifiez vos réponses, puis renvoyez-les.")
            self.add_error(None, ValidationError(forged, code="forged"))
        elif age < QUICKEST:
            fast = _("C’était très rapide. Relisez, puis renvoyez.")
            self.add_error(None, ValidationError(fast, code="too_fast"))
        elif age > LONGEST:
            old = _("Cette page est ouverte depuis longtemps. Relisez, puis renvoyez.")
            self.add_error(None, ValidationError(old, code="too_old"))
        return values


class _TokenInput(forms.HiddenInput):
    """Keeps a good token and replaces any other, so that the page can be sent again."""

    def __init__(self, action: str, now: datetime) -> None:
        super().__init__()
        self.action, self.now = action, now

    def format_value(self, value: Any) -> str:
        age = age_of(str(value or ""), self.action, self.now)
        if age is not None and timedelta() <= age <= LONGEST:
            return str(value)
        return token_of(self.action, self.now)


class _Trap(forms.CharField):
    """Not seen, not reached by the keyboard, not filled in by browsers: only by robots."""

    def __init__(self) -> None:
        attrs = {"autocomplete": "off", "tabindex": "-1"}
        super().__init__(
            label=gettext_lazy("Laissez ce champ vide"),
            required=False,
            max_length=500,
            widget=forms.TextInput(attrs=attrs),
        )
        self.template_name = "directory/gate_trap.html"


def _signer(action: str) -> Signer:
    return Signer(sep=".", salt=f"directory.gate.{action}")
