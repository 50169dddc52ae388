"""The house rules, the terms and the welcome of the invented space: in force when people join."""

from datetime import datetime
from typing import Final

from members.models import LegalText, Use, User, WelcomeStep
from members.services.consents import publish_text, save_text
from members.services.files import save_step

VERSION: Final = "2026-01"

RULES: Final = """\
1. L’espace est partagé : on y travaille au calme, et l’on y parle bas.
2. Les appels se prennent dans la cabine, les réunions dans la salle.
3. Chaque soir, le poste est rendu libre et propre, sauf un poste attitré.
4. La cuisine est à tous : chacun lave et range ce qu’il a utilisé.
5. Le dernier qui sort ferme les fenêtres, éteint les lampes et vérifie la porte.
6. Le réseau sert à travailler, dans le respect de la loi.
7. Un invité est annoncé à l’hôte et reste sous la responsabilité de qui l’accueille.
8. Ce qui est dit ou vu chez les autres reste ici."""

RULES_EN: Final = """\
1. The space is shared: we work quietly and keep our voices down.
2. Calls belong in the phone booth, meetings in the meeting room.
3. Every evening the desk is left free and clean, unless it is your own.
4. The kitchen is everyone’s: wash and put away what you used.
5. The last one out closes the windows, turns off the lights and checks the door.
6. The network is for work, within the law.
7. Tell the host about your guests; you answer for them.
8. What you see or hear of others’ work stays here."""

TERMS: Final = """\
1. Les prix sont ceux de la page « Formules et prix » le jour de l’usage, TVA comprise.
2. Un changement de prix est annoncé trente jours avant. Il ne touche jamais un mois passé.
3. L’abonnement est dû d’avance, l’usage à la fin du mois.
4. Chaque formule dit son engagement et son préavis ; on part par la page « Mon adhésion ».
5. Une pause suspend l’abonnement pour les jours entiers qu’elle dure.
6. Une réservation s’annule sans frais dans le délai affiché par l’espace.
7. L’opérateur assure le lieu ; chacun assure son matériel et sa responsabilité.
8. Vos données servent à gérer votre adhésion. Vous pouvez en demander la copie ou l’effacement."""

TERMS_EN: Final = """\
1. Prices are those of the “Plans and prices” page on the day of use, VAT included.
2. A price change is announced thirty days ahead and never touches a past month.
3. The subscription is due in advance, use at the end of the month.
4. Each plan states its commitment and notice; you leave through the “My membership” page.
5. A pause suspends the subscription for the whole days it lasts.
6. A booking is cancelled free of charge within the time shown by the space.
7. The operator insures the place; you insure your equipment and your liability.
8. Your data serves to run your membership. You may ask for a copy of it or for its erasure."""


def publish_texts(*, by: User, now: datetime) -> None:
    """Like prices, what is published stays, also through `--reset`."""
    known = set(LegalText.objects.filter(version=VERSION).values_list("use", flat=True))
    for use, body, body_en in ((Use.RULES, RULES, RULES_EN), (Use.TERMS, TERMS, TERMS_EN)):
        if use not in known:
            text = LegalText(use=use, version=VERSION, body=body, body_en=body_en)
            save_text(text=text, by=by, now=now)
            publish_text(text=text, by=by, now=now)


STEPS = (
    ("Remettre le badge", "Hand over the badge"),
    ("Montrer la cuisine et l’imprimante", "Show the kitchen and the printer"),
    ("Expliquer le wifi et les horaires", "Explain the Wi-Fi and the opening hours"),
    ("Présenter aux autres membres", "Introduce them to the other members"),
)


def write_steps(*, by: User, now: datetime) -> None:
    """The welcome of a newcomer, once: steps stay, as what was done with people names them."""
    if WelcomeStep.objects.exists():
        return
    for position, (title, title_en) in enumerate(STEPS, start=1):
        save_step(
            step=WelcomeStep(title=title, title_en=title_en, position=position), by=by, now=now
        )
