"""A need from its first line to its end: who may do what when, and which letter follows."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.core import mail

from directory.models import NEED_MOVES, Need, NeedState, Organisation
from directory.services import needs
from directory.services.moves import lock_need, move_need
from members.models import AuditEntry
from tests.directory.rows import a_need, a_skill, in_two_weeks
from tests.factories import NOW, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


def test_without_an_account_a_need_waits_for_its_address_to_be_proved(post) -> None:
    must, nice = a_skill(), a_skill()
    need = post(skills_must=[must], skills_nice=[nice])
    assert (need.state, need.author, need.opened_at) == (NeedState.DRAFT, None, None)
    assert (list(need.skills_must.all()), list(need.skills_nice.all())) == ([must], [nice])
    [letter] = mail.outbox
    assert letter.to == ["jeanne@boulangerie.example"]
    assert need.author_path in str(letter.body)
    assert "Jeanne" not in str(AuditEntry.objects.about(need).get().changes)


def test_a_confirmed_first_need_waits_for_the_host_who_is_told(post, host, committed) -> None:
    need = post()
    with committed():
        for _click in range(2):
            done = needs.confirm(need=need, by=None, now=LATER)
    assert (done.state, done.state_since) == (NeedState.SUBMITTED, LATER)
    assert [letter.to for letter in mail.outbox[1:]] == [[host.email]]


def test_the_host_opens_it_once_and_the_author_is_told(post, host, committed) -> None:
    need = needs.confirm(need=post(), by=None, now=NOW)
    mail.outbox.clear()
    with committed():
        for _click in range(2):
            done = needs.open_need(need=need, by=host, now=LATER)
    assert (done.state, done.opened_at, done.next_batch_at) == (NeedState.OPEN, LATER, LATER)
    [letter] = mail.outbox
    assert letter.subject == "Votre besoin est ouvert : Une vitrine à réparer"
    entry = AuditEntry.objects.about(need).first()
    assert (entry.by, entry.changes["state"]) == (host, ["submitted", "open"])


def test_who_had_a_need_opened_needs_no_reading_again(post, host) -> None:
    needs.open_need(need=needs.confirm(need=post(), by=None, now=NOW), by=host, now=NOW)
    second = needs.confirm(need=post(title="Un four à régler"), by=None, now=LATER)
    assert (second.state, second.opened_at) == (NeedState.OPEN, LATER)
    assert AuditEntry.objects.about(second).first().by is None


def test_who_had_one_refused_is_read_again(post, host) -> None:
    needs.open_need(need=needs.confirm(need=post(), by=None, now=NOW), by=host, now=NOW)
    bad = needs.confirm(need=post(title="Gagnez de l’argent"), by=None, now=NOW)
    needs.reject(need=bad, by=host, now=NOW, reason="De la publicité.")
    third = needs.confirm(need=post(title="Un four à régler"), by=None, now=LATER)
    assert third.state == NeedState.SUBMITTED


def test_another_address_is_not_trusted_for_it(post, host) -> None:
    needs.open_need(need=needs.confirm(need=post(), by=None, now=NOW), by=host, now=NOW)
    other = post(title="Un four", contact_email="autre@boulangerie.example")
    assert needs.confirm(need=other, by=None, now=NOW).state == NeedState.SUBMITTED


def test_a_typed_address_proves_nothing(post, host) -> None:
    """Nobody opens a need by typing the address of somebody the host trusts."""
    needs.open_need(need=needs.confirm(need=post(), by=None, now=NOW), by=host, now=NOW)
    assert post(title="Un four", by=None).state == NeedState.DRAFT
    liar = a_user()
    forged = post(title="Deux fours", by=liar, contact_email="jeanne@boulangerie.example")
    assert forged.state == NeedState.DRAFT


def test_with_an_account_and_its_address_no_mail_is_needed(post, host) -> None:
    aline = a_user("Aline")
    need = post(by=aline)
    assert (need.state, need.author) == (NeedState.SUBMITTED, aline)
    assert [letter.to for letter in mail.outbox] == [[host.email]]
    assert need.organisation.agents.get().user == aline


def test_an_account_whose_address_is_not_proved_confirms_by_mail(post) -> None:
    aline = a_user()
    aline.emailaddress_set.update(verified=False)
    assert post(by=aline).state == NeedState.DRAFT


@pytest.mark.parametrize("words", ["une VITRINE a reparer", "Une vitrine  à réparer"])
def test_the_same_words_of_one_contact_are_one_need_for_a_week(post, words) -> None:
    post()
    with refused("duplicate"):
        post(title=words, now=NOW + timedelta(minutes=59))
    with refused("duplicate"):
        post(title=words, contact_email=" Jeanne@Boulangerie.example ", now=NOW)
    post(title=words, contact_email="autre@boulangerie.example")


def test_a_duplicate_is_told_where_the_first_one_is_and_nothing_else(post) -> None:
    first = needs.confirm(need=post(), by=None, now=NOW)
    with pytest.raises(needs.ValidationError) as caught:
        post(now=LATER)
    words = " ".join(caught.value.messages)
    assert "2 mars" in words
    assert first.key not in words
    aline = a_user()
    post(by=aline)
    with pytest.raises(needs.ValidationError, match="Mes besoins"):
        post(by=aline)


def test_after_a_week_or_a_lost_letter_it_may_be_posted_again(post) -> None:
    post()
    again = post(now=NOW + timedelta(hours=1))  # the letter of the first was lost
    needs.confirm(need=again, by=None, now=LATER)
    with refused("duplicate"):
        post(now=LATER)
    post(now=NOW + timedelta(days=8))


def test_a_need_withdrawn_by_mistake_may_be_posted_again(post) -> None:
    needs.withdraw(need=post(), by=None, now=NOW)
    post()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"deadline": NOW.date() - timedelta(days=1)}, "past_deadline"),
        ({"starts_on": in_two_weeks() - timedelta(days=1)}, "bad_start"),
        ({"title": ""}, "blank"),
        ({"title": "a\nb"}, "unprintable"),
        ({"title": "x" * 121}, "max_length"),
        ({"description": "x" * 5001}, "max_length"),
        ({"description": "a\0b"}, "unprintable"),
        ({"contact_email": "jeanne"}, "invalid"),
        ({"radius_km": 501}, "max_value"),
        ({"answers_wanted": 0}, "min_value"),
        ({"budget": "rien"}, "invalid_choice"),
    ],
)
def test_what_makes_no_sense_is_refused(post, fields, code) -> None:
    with refused(code):
        post(**fields)
    assert not Need.objects.exists()
    assert not Organisation.objects.exists()


def test_emoji_and_marks_are_words_like_others(post) -> None:
    need = post(title="Un gâteau 🎂 <b>vite</b>", description="' OR 1=1; --\n" + "é" * 4980)
    need.refresh_from_db()
    assert need.title == "Un gâteau 🎂 <b>vite</b>"


def test_what_nobody_has_read_is_edited_and_the_rest_is_not(post, host) -> None:
    need = post()
    before = need.fingerprint
    done = needs.edit(need=need, values={"title": "Deux vitrines"}, by=None, now=LATER)
    assert (done.title, done.description) == ("Deux vitrines", need.description)
    assert done.fingerprint != before
    entry = AuditEntry.objects.about(need).first()
    assert entry.changes == {"fields": [None, "title"]}
    needs.open_need(need=needs.confirm(need=need, by=None, now=NOW), by=host, now=NOW)
    with refused("not_editable"):
        needs.edit(need=need, values={"title": "Trois"}, by=None, now=LATER)


def test_the_proved_address_is_not_edited_away(post) -> None:
    done = needs.edit(need=post(), values={"contact_email": "x@y.example"}, by=None, now=NOW)
    done.refresh_from_db()
    assert done.contact_email == "jeanne@boulangerie.example"


def test_the_host_does_not_open_what_was_rewritten_meanwhile(post, host) -> None:
    need = needs.confirm(need=post(), by=None, now=NOW)
    seen = need.fingerprint
    needs.edit(need=need, values={"title": "Gagnez de l’argent"}, by=None, now=NOW)
    with refused("changed"):
        needs.open_need(need=need, by=host, now=NOW, seen=seen)


def test_only_the_team_opens_and_refuses(post) -> None:
    need = needs.confirm(need=post(), by=None, now=NOW)
    with refused("forbidden"):
        needs.open_need(need=need, by=a_user(), now=NOW)
    with refused("forbidden"):
        needs.reject(need=need, by=a_user(), now=NOW, reason="Non")


def test_a_refusal_says_why(post, host, committed) -> None:
    need = needs.confirm(need=post(), by=None, now=NOW)
    with refused("required"):
        needs.reject(need=need, by=host, now=NOW, reason="  ")
    with committed():
        done = needs.reject(need=need, by=host, now=NOW, reason="Hors du territoire.")
    assert (done.state, done.state_reason) == (NeedState.REJECTED, "Hors du territoire.")
    assert "Hors du territoire." in str(mail.outbox[-1].body)


def test_nothing_is_confirmed_or_opened_after_its_last_day(post, host) -> None:
    late = NOW + timedelta(days=15)
    draft, waiting = post(), needs.confirm(need=post(title="Un four"), by=None, now=NOW)
    with refused("past_deadline"):
        needs.confirm(need=draft, by=None, now=late)
    with refused("past_deadline"):
        needs.open_need(need=waiting, by=host, now=late)


MOVES = [pair for pair in product(NeedState, NeedState) if pair[0] != pair[1]]


@pytest.mark.parametrize(("old", "new"), MOVES, ids=lambda state: state.value)
def test_every_move_outside_the_table_is_refused_and_every_move_of_it_is_not(old, new) -> None:
    need = lock_need(a_need(state=old))
    columns: dict[str, Any] = {
        "outside_reason": "price" if new == NeedState.AWARDED_OUTSIDE else ""
    }
    if new == NeedState.OPEN:
        columns["opened_at"] = NOW
    if (old, new) in NEED_MOVES:
        assert move_need(need=need, to=new, by=None, now=LATER, **columns).state == new
    else:
        with refused("move_not_allowed"):
            move_need(need=need, to=new, by=None, now=LATER, **columns)


def test_an_organisation_is_never_found_by_its_name_alone(post) -> None:
    one = needs.confirm(need=post(), by=None, now=NOW)
    other = post(contact_email="voleur@ailleurs.example")
    needs.confirm(need=other, by=None, now=NOW)
    assert Need.objects.get(pk=other.pk).organisation != one.organisation


def test_the_same_proved_address_and_name_are_the_same_organisation(post) -> None:
    one = needs.confirm(need=post(), by=None, now=NOW)
    again = post(title="Un four", name="BOULANGERIE vuez")
    assert again.organisation != one.organisation  # nothing is proved yet
    done = needs.confirm(need=again, by=None, now=NOW)
    assert done.organisation == one.organisation
    assert Organisation.objects.count() == 1
    aside = needs.confirm(need=post(title="Un vélo", name="Club cycliste"), by=None, now=NOW)
    assert aside.organisation != one.organisation


def test_one_posts_for_ones_own_organisations_only(post) -> None:
    theirs = post(by=a_user()).organisation
    with refused("not_yours"):
        post(by=a_user(), organisation=theirs)
    with refused("not_yours"):
        post(organisation=theirs)


@pytest.mark.parametrize(
    ("number", "kept"), [("732 829 320 00074", "73282932000074"), ("24390047900017", None)]
)
def test_a_legal_number_is_checked(post, morez, number, kept) -> None:
    made = Organisation(name="Mairie", kind="public", commune=morez, legal_number=number)
    if kept is None:
        with refused("bad_legal_number"):
            post(organisation=made)
        return
    organisation = post(organisation=made).organisation
    assert (organisation.legal_number, organisation.legal_state) == (kept, "format_ok")
