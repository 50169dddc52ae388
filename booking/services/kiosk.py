"""The kiosk: adding and revoking a tablet, codes, and who arrives or leaves there."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from booking.models import ArrivalCode, Device, Space, Visit, Way
from booking.models.kiosk import hash_of
from booking.services import visits
from members import audit
from members.models import Act, Member, User

CODE_LIVES: Final = timedelta(minutes=3)
# A scan of the screen is good a little longer than the screen shows it.
PICTURE_LIVES: Final = 90  # seconds
TRIES = 5  # codes drawn at random before giving up: a hundred are in use at most, of a million

_DIGITS = re.compile(r"[0-9]{6}")
_SIGNER = signing.TimestampSigner(salt="booking.kiosk")


@transaction.atomic
def add_device(*, space: Space, name: str, by: User, now: datetime) -> tuple[Device, str]:
    """A new kiosk, and its secret, which is told this once.

    Raises ValidationError `forbidden`, and as the fields refuse.
    """
    _check_right(by, "booking.add_device")
    token = secrets.token_urlsafe(32)
    device = Device(
        space=space, name=name.strip(), token_hash=hash_of(token), made_by=by, made_at=now
    )
    device.full_clean()
    device.save()
    audit.record(act=Act.CREATED, subject=device, by=by, now=now)
    return device, token


@transaction.atomic
def revoke_device(*, device: Device, by: User, now: datetime) -> Device:
    """End a kiosk, at once. Twice changes nothing. Raises ValidationError `forbidden`."""
    _check_right(by, "booking.change_device")
    current = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if current.revoked_at is None:
        current.revoked_at = now
        current.full_clean()
        current.save(update_fields=["revoked_at"])
        changes = {"revoked_at": (None, now.isoformat())}
        audit.record(act=Act.CHANGED, subject=current, by=by, now=now, changes=changes)
    return current


def new_code(*, member: Member, now: datetime) -> ArrivalCode:
    """Six digits for the kiosk; the ones given before are no longer good."""
    for _try in range(TRIES):
        code = f"{secrets.randbelow(1_000_000):06}"
        try:
            with transaction.atomic():
                ArrivalCode.objects.filter(code=code, expires_at__lte=now).delete()
                row, _made = ArrivalCode.objects.update_or_create(
                    member=member, defaults={"code": code, "expires_at": now + CODE_LIVES}
                )
        except IntegrityError:  # somebody else has these digits now
            continue
        return row
    raise ValidationError(_("Aucun code n’est libre : réessayez."), code="no_code")


@transaction.atomic
def use_code(*, device: Device, code: str, now: datetime) -> Visit:
    """Whoever typed the code arrives, or leaves when he is there. The code is used up.

    Raises ValidationError: `bad_code`, `revoked`, and as an arrival is refused (the code stays).
    """
    device = _standing(device)
    digits = "".join(code.split())
    found = None
    if _DIGITS.fullmatch(digits):
        found = ArrivalCode.objects.select_for_update().usable(digits, now).first()
    if found is None:
        raise ValidationError(
            _("Ce code n’est pas bon, ou plus. Demandez-en un nouveau sur votre téléphone."),
            code="bad_code",
        )
    member = Member.objects.with_user().get(pk=found.member_id)
    found.delete()
    return come_or_go(device=device, member=member, now=now)


@transaction.atomic
def come_or_go(*, device: Device, member: Member, now: datetime) -> Visit:
    """An arrival at the space of the kiosk; a departure for who is there already.

    Raises ValidationError: `revoked`, and as an arrival is refused.
    """
    device = _standing(device)
    here = Visit.objects.open().own().filter(member=member, space=device.space)
    visit = here.with_people().first()
    if visit is not None:
        return visits.check_out(visit=visit, by=member.user, now=now, way=Way.KIOSK)
    return visits.check_in(
        space=device.space, member=member, by=member.user, now=now, way=Way.KIOSK
    )


def picture_token(device: Device) -> str:
    """What the picture on the screen says: this kiosk, now."""
    return _SIGNER.sign(str(device.pk))


def device_of_picture(token: str) -> Device:
    """The kiosk whose screen was scanned. Raises ValidationError `bad_picture` for a picture that
    is too old, or not ours; `revoked`."""
    try:
        key = int(_SIGNER.unsign(token, max_age=PICTURE_LIVES))
    except (signing.BadSignature, ValueError) as error:
        raise ValidationError(
            _("Cette image n’est plus bonne : scannez de nouveau l’écran de la borne."),
            code="bad_picture",
        ) from error
    return _standing(Device(pk=key))


def _standing(device: Device) -> Device:
    found = Device.objects.select_related("space").filter(pk=device.pk, revoked_at=None).first()
    if found is None:
        raise ValidationError(_("Cette borne a été retirée."), code="revoked")
    return found


def _check_right(by: User, right: str) -> None:
    if not by.has_perm(right):
        raise ValidationError(_("Seule l’équipe gère les bornes."), code="forbidden")
