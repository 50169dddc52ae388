"""What she left in the directory: a word of hers in every text of every table."""

from datetime import timedelta

from directory.models import (
    Activity,
    Agent,
    Attachment,
    Claim,
    Found,
    Message,
    Need,
    Ownership,
    Provider,
    Reference,
    Report,
    Shown,
    ShownField,
    Speaks,
)
from directory.services.index import reindex
from members import audit
from members.models import Act, User
from tests.directory.rows import (
    a_commune,
    a_need,
    a_provider,
    a_skill,
    a_solicitation,
    a_trade,
    an_organisation,
    saved,
)
from tests.factories import MONDAY, NOW, a_user

DAY = timedelta(days=1)


def at_the_directory(user: User, host: User, word: str, others: str) -> None:
    """A profile of her own and one she shares, needs with and without account, words both ways."""
    mine = a_profile(user, word)
    shared = a_provider("Atelier commun", owner=user, email=user.email.upper())
    saved(Ownership(provider=shared, user=a_user(f"{others} Associé"), since=NOW))
    saved(ShownField(provider=shared, field=Shown.EMAIL, since=NOW))
    elsewhere = a_provider("Fiche d’en face")
    saved(Claim(provider=elsewhere, user=user, message=f"Moi, {word}", key="c" * 32, made_at=NOW))
    firm = an_organisation(f"Maison {word}", legal_number="732829320", legal_state="format_ok")
    saved(Agent(organisation=firm, user=user, since=NOW))
    need = a_need_of_hers(word, organisation=firm, author=user)
    without = an_organisation(f"Chez {word}", kind="person")
    a_need_of_hers(word, organisation=without, contact_email=user.email.upper())
    asked = a_solicitation(a_need("Des volets", author=None), mine, opened_at=NOW + DAY)
    asked.answered_at, asked.answer = NOW + DAY, f"{word} peut lundi"
    saved(asked)
    answer = a_solicitation(need, elsewhere, opened_at=NOW + DAY, answered_at=NOW + DAY)
    answer.answer = f"Bonjour {word}"
    saved(answer)
    words = {"key": "1" * 32, "fingerprint": "1" * 64, "made_at": NOW}
    saved(
        Message(
            provider=elsewhere,
            sender=user,
            sender_name=f"Z. {word}",
            sender_email=user.email,
            text=f"De {word}",
            relayed_at=NOW,
            **words,
        )
    )
    for number, relayed_at in (("2", NOW), ("3", None)):  # the second one is nobody's yet
        received = {"sender_name": others, "sender_email": f"{others}{number}@example.org"}
        text = f"Bonjour {word}" if relayed_at else f"Pas encore, {others}"
        keys = {"key": number * 32, "fingerprint": number * 64}
        row = Message(provider=mine, text=text, relayed_at=relayed_at, **(words | received | keys))
        saved(row)
    handled = {"handled_at": NOW, "handled_by": host, "outcome": f"{word} a corrigé"}
    saved(Report(provider=mine, reason="wrong", text=f"{others}: {word}", made_at=NOW, **handled))
    for made in (mine, need, firm):
        audit.record(act=Act.CREATED, subject=made, by=user, now=NOW, before={})


def a_profile(user: User, word: str) -> Provider:
    mine = a_provider(
        f"Atelier {word}",
        owner=user,
        trades=(a_trade(),),
        skills=(a_skill(),),
        slug=f"atelier-{word.lower()}",
        headline=f"{word} scie",
        description=f"Depuis 1998, {word}",
        email=f"atelier@{word.lower()}.example",
        phone=f"Chez {word}",
        website=f"https://{word.lower()}.example/",
        address=f"Rue {word}",
        legal_contact=f"legal@{word.lower()}.example",
        state_reason=f"Bravo {word}",
        latitude="46.5228",
        longitude="6.0231",
    )
    Activity.objects.filter(provider=mine).update(details=f"Comme {word}")
    saved(Speaks(provider=mine, language="de"))
    url = f"https://{word.lower()}.example/toit"
    saved(Reference(provider=mine, client=f"M. {word}", what=f"Toit {word}", year=2020, url=url))
    saved(ShownField(provider=mine, field=Shown.PHONE, since=NOW))
    reindex(provider=mine)
    saved(Found(provider=mine, day=MONDAY, words=f"scieur {word}", times=2))
    return mine


def a_need_of_hers(word: str, **fields: object) -> Need:
    values = {
        "contact_name": f"Z. {word}",
        "contact_email": f"zoe@{word.lower()}.example",
        "contact_phone": f"le portable de {word}",
        "description": f"Une porte pour {word}",
        "state_reason": f"{word} a trouvé",
        "outcome_words": f"{word} est contente",
        "commune": a_commune(),
        "trade": a_trade(),
    }
    need = a_need(f"Porte de {word}", state="unfilled", **(values | fields))
    need.skills_must.set([a_skill()])
    need.skills_nice.set([a_skill()])
    file = {"file_name": f"../{word}/plan.pdf", "media_type": "application/pdf"}
    saved(Attachment(need=need, content=b"%PDF of the door", added_at=NOW, **file))
    return need
