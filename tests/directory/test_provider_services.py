"""A profile: made, written part by part, and what its owner agrees to publish."""

from datetime import date, timedelta
from typing import Any

import pytest

from directory.models import LegalState, Ownership, Provider, Shown, Skill
from directory.services import legal, new_profiles, owners, profile_parts, providers
from members.models import AuditEntry, Member, Role, User
from tests.directory.rows import a_commune, a_provider, a_skill, a_trade, saved
from tests.factories import MONDAY, NOW, a_member, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
SIRET = "732 829 320 00074"


@pytest.fixture
def owner() -> User:
    return a_user("Aline Morel")


@pytest.fixture
def provider(owner: User) -> Provider:
    return a_provider("Aline Web", owner=owner)


def new(by: User, name: str = "Aline Web", **more: Any) -> Provider:
    values = {"name": name, "commune": a_commune(), **more.pop("values", {})}
    return new_profiles.create(by=by, now=NOW, values=values, **more)


def change(provider: Provider, by: User, seen: str = "", **values: Any) -> Provider:
    return providers.change(provider=provider, by=by, now=LATER, values=values, seen=seen)


def test_a_new_profile_is_a_draft_of_whoever_made_it_and_shows_nothing(owner) -> None:
    trade = a_trade("Webmestre")
    made = new(owner, trades=[trade], skills=["WordPress"], shown=[])
    assert (made.state, made.slug) == ("draft", "aline-web")
    assert Ownership.objects.get(provider=made).user == owner
    assert [a.trade for a in made.activities.all()] == [trade]
    assert not made.shown_fields.exists()
    assert AuditEntry.objects.about(made).last().by == owner


def test_two_of_one_name_have_two_addresses(owner) -> None:
    assert [new(owner).slug for _again in range(3)] == ["aline-web", "aline-web-2", "aline-web-3"]
    assert new(owner, "🦊").slug == "fiche"


def test_a_person_has_five_profiles_at_most(owner) -> None:
    for _each in range(new_profiles.MOST_PROFILES):
        new(owner)
    with refused("too_many"):
        new(owner)


def test_a_membership_fills_the_form_in(owner) -> None:
    web = a_trade("Développeur web")
    saved(web.synonyms.model(trade=web, word="webmaster"))
    member = a_member("Aline Morel")
    Member.objects.filter(pk=member.pk).update(
        trade="Webmaster freelance", skills="WordPress, vidéo ;SEO\n", can_help_with="Vos sites"
    )
    member.refresh_from_db()
    first = new_profiles.from_membership(member, member.user)
    assert first["trades"] == [web]
    assert first["skills"] == "WordPress, vidéo, SEO"
    assert (first["name"], first["description"]) == ("Aline Morel", "Vos sites")
    assert new_profiles.from_membership(None, owner)["name"] == "Aline Morel"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"website": "javascript:alert(1)"}, "invalid"),
        ({"name": "a\u202eb"}, "unprintable"),
        ({"name": ""}, "blank"),
        ({"description": "x" * 5001}, "max_length"),
        ({"range_km": 501}, "max_value"),
        ({"legal_number": "243 900 479 00017"}, "bad_legal_number"),
        ({"price_low": 50}, "bad_price"),
        ({"available_from": MONDAY, "available_until": MONDAY}, "bad_availability"),
        ({"available_from": MONDAY, "available_until": date(2099, 1, 1)}, "too_far"),
        ({"email": "nobody"}, "invalid"),
    ],
)
def test_what_no_profile_holds(provider, owner, values, code) -> None:
    with refused(code):
        change(provider, owner, **values)


def test_markup_and_emoji_are_words_like_others(provider, owner) -> None:
    words = "<script>alert(1)</script> 🦊 " + "é" * 4900
    assert change(provider, owner, description=words).description == words.strip()


def test_a_column_that_is_not_of_the_form_is_a_mistake(provider, owner) -> None:
    with pytest.raises(KeyError):
        change(provider, owner, state="published")


def test_only_an_owner_or_the_team_writes(provider) -> None:
    stranger, host = a_user(), a_user(role=Role.HOST)
    for write in (
        lambda by: change(provider, by, headline="Pris"),
        lambda by: profile_parts.set_shown(provider=provider, shown=[], by=by, now=NOW),
        lambda by: profile_parts.set_skills(provider=provider, words=["x"], by=by, now=NOW),
        lambda by: profile_parts.save_activity(provider=provider, trade=a_trade(), by=by, now=NOW),
    ):
        with refused("not_yours"):
            write(stranger)
        write(host)


def test_two_parts_written_at_once_do_not_disturb_each_other(provider, owner) -> None:
    seen = {name: providers.edition(provider, name) for name in ("presentation", "place")}
    change(provider, owner, headline="Sites utiles", seen=seen["presentation"])
    change(provider, owner, range_km=80, seen=seen["place"])
    provider.refresh_from_db()
    assert (provider.headline, provider.range_km) == ("Sites utiles", 80)


def test_a_stale_form_does_not_overwrite_what_it_has_not_read(provider, owner) -> None:
    seen = providers.edition(provider, "presentation")
    change(provider, owner, headline="Premier", seen=seen)
    with refused("stale"):
        change(provider, owner, headline="Second", seen=seen)
    provider.refresh_from_db()
    assert provider.headline == "Premier"
    skills_seen = profile_parts.skills_edition(provider)
    for words, code in ((["a"], None), (["b"], "stale")):
        call = lambda w=words: profile_parts.set_skills(  # noqa: E731
            provider=provider, words=w, by=owner, now=NOW, seen=skills_seen
        )
        if code is None:
            call()
            continue
        with refused(code):
            call()


def test_saving_what_is_there_leaves_no_trace(provider, owner) -> None:
    change(provider, owner, headline=provider.headline)
    assert not AuditEntry.objects.about(provider).exists()


def test_a_legal_number_is_put_in_form_and_checked_anew_when_it_changes(provider, owner) -> None:
    host = a_user(role=Role.HOST)
    with refused("no_legal_number"):
        legal.record_check(
            provider=provider, state=LegalState.VERIFIED, on=MONDAY, by=host, now=NOW
        )
    changed = change(provider, owner, legal_number=SIRET)
    assert (changed.legal_number, changed.legal_state) == ("73282932000074", "format_ok")
    check = {"provider": provider, "on": MONDAY, "now": NOW}
    verified = legal.record_check(state=LegalState.VERIFIED, by=host, **check)
    assert (verified.legal_state, verified.legal_checked_on) == ("verified", MONDAY)
    assert change(provider, owner, legal_number="73282932000074").legal_state == "verified"
    assert change(provider, owner, legal_number="").legal_state == "unchecked"
    with refused("forbidden"):
        legal.record_check(state=LegalState.VERIFIED, by=owner, **check)
    change(provider, owner, legal_number=SIRET)
    with refused("unknown_state"):
        legal.record_check(state=LegalState.FORMAT_OK, by=host, **check)
    with refused("future"):
        legal.record_check(
            state=LegalState.CLOSED, by=host, provider=provider, on=date(2026, 3, 3), now=NOW
        )


def test_one_number_one_profile(provider, owner) -> None:
    change(provider, owner, legal_number=SIRET)
    other = a_provider(owner=owner)
    with refused("legal_number_taken"):
        change(other, owner, legal_number="73282932000074")


def test_a_skill_is_one_row_however_it_is_typed(provider, owner) -> None:
    a_skill("WordPress")
    site, wp = a_skill("Site internet"), a_skill("site web")
    Skill.objects.filter(pk=wp.pk).update(same_as=site)
    typed = ["WORDPRESS", "wordpress ", "Site  Web", "Été", "ete", " "]
    profile_parts.set_skills(provider=provider, words=typed, by=owner, now=NOW)
    assert sorted(s.name for s in provider.skills.all()) == ["Site internet", "WordPress", "Été"]
    many = [f"mot {number}" for number in range(profile_parts.MOST_SKILLS + 1)]
    with refused("too_many"):
        profile_parts.set_skills(provider=provider, words=many, by=owner, now=NOW)
    with refused("unprintable"):
        profile_parts.set_skills(provider=provider, words=["a\x07b"], by=owner, now=NOW)


def test_a_trade_stands_once_and_is_written_anew(provider, owner) -> None:
    trade = a_trade()
    for details in ("Escaliers", "Charpentes"):
        profile_parts.save_activity(
            provider=provider, trade=trade, details=details, by=owner, now=NOW
        )
    [row] = provider.activities.all()
    assert row.details == "Charpentes"
    profile_parts.remove(provider=provider, row=row, by=owner, now=NOW)
    assert not provider.activities.exists()
    with refused("gone"):
        profile_parts.remove(provider=provider, row=row, by=owner, now=NOW)
    with refused("not_offered"):
        profile_parts.save_activity(
            provider=provider, trade=a_trade(is_active=False), by=owner, now=NOW
        )


def test_twelve_references_at_most(provider, owner) -> None:
    job = {"client": "Mairie", "what": "Site", "year": 2025, "url": ""}
    for _each in range(profile_parts.MOST_REFERENCES):
        row = profile_parts.save_reference(provider=provider, by=owner, now=NOW, values=job)
    with refused("too_many"):
        profile_parts.save_reference(provider=provider, by=owner, now=NOW, values=job)
    later = job | {"year": 2026}
    profile_parts.save_reference(provider=provider, by=owner, now=NOW, values=later, reference=row)
    assert provider.references.filter(year=2026).count() == 1
    with refused("gone"):
        profile_parts.save_reference(
            provider=a_provider(owner=owner), by=owner, now=NOW, values=job, reference=row
        )


def test_each_consent_has_its_date_and_its_end_is_in_the_audit(provider, owner) -> None:
    profile_parts.set_shown(provider=provider, shown=["email", "phone"], by=owner, now=NOW)
    profile_parts.set_shown(provider=provider, shown=["email"], by=owner, now=LATER)
    [row] = provider.shown_fields.all()
    assert (row.field, row.since) == (Shown.EMAIL, NOW)
    entry = AuditEntry.objects.about(provider).first()
    assert entry.changes == {"shown.phone": [NOW.isoformat(), None]}
    host = a_user(role=Role.HOST)
    with refused("consent"):
        profile_parts.set_shown(provider=provider, shown=["email", "phone"], by=host, now=NOW)
    profile_parts.set_shown(provider=provider, shown=[], by=host, now=LATER)
    assert not provider.shown_fields.exists()
    with refused("invalid_choice"):
        profile_parts.set_shown(provider=provider, shown=["legal_contact"], by=owner, now=NOW)


def test_a_profile_keeps_an_owner(provider, owner) -> None:
    other, host = a_user("Bruno"), a_user(role=Role.HOST)
    with refused("last_owner"):
        owners.remove_owner(provider=provider, user=owner, by=owner, now=NOW)
    for _twice in range(2):
        owners.add_owner(provider=provider, user=other, by=owner, now=NOW)
    owners.remove_owner(provider=provider, user=owner, by=owner, now=NOW)
    assert [row.user for row in provider.ownerships.all()] == [other]
    with refused("not_yours"):
        owners.add_owner(provider=provider, user=owner, by=owner, now=NOW)
    owners.remove_owner(provider=provider, user=other, by=host, now=NOW)
    assert not provider.ownerships.exists()
