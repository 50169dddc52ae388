"""The words of a need: its kinds, its states and their moves, why an order left."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class NeedKind(models.TextChoices):
    NEED = "need", _("besoin")
    QUOTE = "quote", _("demande de devis")
    PUBLIC = "public", _("achat public")


class NeedState(models.TextChoices):
    """Where a need stands. The moves between them are `NEED_MOVES`."""

    DRAFT = "draft", _("à confirmer par e-mail")
    SUBMITTED = "submitted", _("en attente de relecture")
    OPEN = "open", _("ouvert")
    AWARDED_LOCAL = "awarded_local", _("attribué sur le territoire")
    AWARDED_OUTSIDE = "awarded_outside", _("attribué ailleurs")
    UNFILLED = "unfilled", _("sans suite")
    WITHDRAWN = "withdrawn", _("retiré")
    EXPIRED = "expired", _("échu")
    REJECTED = "rejected", _("refusé")


NEED_MOVES: Final = (
    (NeedState.DRAFT, NeedState.SUBMITTED),  # the address is proved
    (NeedState.DRAFT, NeedState.WITHDRAWN),
    (NeedState.SUBMITTED, NeedState.OPEN),
    (NeedState.SUBMITTED, NeedState.REJECTED),
    (NeedState.SUBMITTED, NeedState.WITHDRAWN),
    (NeedState.OPEN, NeedState.AWARDED_LOCAL),
    (NeedState.OPEN, NeedState.AWARDED_OUTSIDE),
    (NeedState.OPEN, NeedState.UNFILLED),
    (NeedState.OPEN, NeedState.WITHDRAWN),
    (NeedState.OPEN, NeedState.EXPIRED),
    (NeedState.OPEN, NeedState.REJECTED),  # reported, and the host agrees
    # What became of it is asked after the deadline.
    (NeedState.EXPIRED, NeedState.AWARDED_LOCAL),
    (NeedState.EXPIRED, NeedState.AWARDED_OUTSIDE),
    (NeedState.EXPIRED, NeedState.UNFILLED),
)
AWARDED: Final = (NeedState.AWARDED_LOCAL, NeedState.AWARDED_OUTSIDE)
CLOSED: Final = (*AWARDED, NeedState.UNFILLED, NeedState.WITHDRAWN, NeedState.REJECTED)


class OutsideReason(models.TextChoices):
    """Why an order left the territory: what the partners learn from."""

    NO_SKILL = "no_skill", _("personne ne savait le faire ici")
    NO_TIME = "no_time", _("personne n’était disponible")
    NO_ANSWER = "no_answer", _("pas de réponse")
    PRICE = "price", _("le prix")
    DELAY = "delay", _("le délai")
    KNOWN = "known", _("un prestataire déjà connu ailleurs")
    RULES = "rules", _("les règles de la commande publique")
    OTHER = "other", _("une autre raison")


class Otherwise(models.TextChoices):
    """The counterfactual: without the directory, from where would it have come?"""

    SAME = "same", _("du même prestataire")
    LOCAL = "local", _("d’un autre prestataire d’ici")
    REGION = "region", _("d’ailleurs dans la région")
    COUNTRY = "country", _("d’ailleurs en France")
    ABROAD = "abroad", _("de l’étranger")
    ONLINE = "online", _("d’une plateforme en ligne")
    NOWHERE = "nowhere", _("je ne l’aurais pas fait faire")
    UNKNOWN = "unknown", _("je ne sais pas")
