"""The register of processing (GDPR, article 30), as people read it on the site.

docs/privacy.md is the whole of it, for the operator and the authority; a test holds the two and the
tables together.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data is kept: what, on which legal ground, how long, and in which tables."""

    key: str
    title: "StrOrPromise"
    data: "StrOrPromise"
    basis: "StrOrPromise"
    kept: "StrOrPromise"
    tables: tuple[str, ...]


CONTRACT = _("le contrat")
AGREEMENT = _("votre accord")
INTEREST = _("notre intérêt légitime")

REGISTER: Final = (
    Purpose(
        "account",
        _("Vous reconnaître et protéger votre compte"),
        _("nom, adresse e-mail, langue, empreinte du mot de passe, connexions, second facteur"),
        CONTRACT,
        _(
            "tant que le compte existe ; sans suite : 30 jours si l’adresse n’est pas confirmée, "
            "12 mois si vous n’avez ni candidaté, ni réservé, ni rien fait à l’annuaire"
        ),
        (
            "members.User",
            "members.User_groups",
            "members.User_user_permissions",
            "account.EmailAddress",
            "account.EmailConfirmation",
            "mfa.Authenticator",
            "usersessions.UserSession",
            "sessions.Session",
        ),
    ),
    Purpose(
        "joining",
        _("Répondre à votre candidature"),
        _("formule souhaitée, message, comment vous nous avez connus, réponse"),
        CONTRACT,
        _("6 mois après un refus ou un retrait ; sinon comme l’adhésion"),
        ("members.Application",),
    ),
    Purpose(
        "membership",
        _("Tenir votre adhésion"),
        _("état, formule, pauses, étapes d’accueil, documents remis"),
        CONTRACT,
        _("3 ans après votre départ"),
        (
            "members.Member",
            "members.Subscription",
            "members.Pause",
            "members.WelcomeDone",
            "members.Document",
        ),
    ),
    Purpose(
        "booking",
        _("Vous garder une place"),
        _(
            "réservations, séries, visites, visiteurs que vous accompagnez, attentes, "
            "journée d’essai, agenda relié"
        ),
        CONTRACT,
        _("3 ans après votre départ ; ensuite comptées sans votre nom"),
        (
            "booking.Booking",
            "booking.Series",
            "booking.Visit",
            "booking.Wait",
            "booking.ArrivalCode",
            "booking.Device",
            "booking.TrialDay",
            "booking.CalendarFeed",
        ),
    ),
    Purpose(
        "community",
        _("Faire connaître les membres entre eux, et compter les trajets évités"),
        _("métier, entreprise, compétences, présence ; distance, durée et moyen de trajet"),
        AGREEMENT,
        _("jusqu’au retrait de votre accord ; la preuve de l’accord, 5 ans après son retrait"),
        ("members.Member", "members.Consent"),
    ),
    Purpose(
        "news",
        _("Vous envoyer les annonces"),
        _("à quelles annonces vous étiez destinataire"),
        AGREEMENT,
        _("1 an"),
        ("members.Announcement", "members.Delivery"),
    ),
    Purpose(
        "invitation",
        _("Inviter une personne"),
        _("adresse e-mail, nom et message de l’invitation"),
        INTEREST,
        _("30 jours après l’expiration ; une invitation acceptée, comme l’adhésion"),
        ("members.Invitation",),
    ),
    Purpose(
        "care",
        _("Bien vous accueillir"),
        _("notes de l’équipe, que vous pouvez lire dans la copie de vos données"),
        INTEREST,
        _("3 ans"),
        ("members.Note",),
    ),
    Purpose(
        "profile",
        _("Vous faire trouver, si vous avez une fiche de prestataire"),
        _(
            "activités, langues, références, prix, disponibilité ; coordonnées, chacune publiée "
            "avec votre accord ; ce qui vous a été demandé, et combien de fois on vous a trouvé"
        ),
        AGREEMENT,
        _(
            "tant que la fiche est en ligne, et 12 mois après ; une revendication, 12 mois après "
            "la réponse ; les recherches, 3 ans"
        ),
        (
            "directory.Provider",
            "directory.Provider_skills",
            "directory.Activity",
            "directory.Speaks",
            "directory.Reference",
            "directory.ShownField",
            "directory.Ownership",
            "directory.Claim",
            "directory.Found",
            "directory.Entry",
        ),
    ),
    Purpose(
        "need",
        _("Trouver qui répond à votre besoin"),
        _(
            "nom, adresse e-mail, téléphone, pour qui vous agissez, ce que vous cherchez, pièces "
            "jointes, réponses, suite donnée"
        ),
        CONTRACT,
        _(
            "7 jours sans confirmation ; 2 ans après la fin du besoin, ensuite compté sans vos "
            "mots ni votre nom"
        ),
        (
            "directory.Organisation",
            "directory.Agent",
            "directory.Need",
            "directory.Need_skills_must",
            "directory.Need_skills_nice",
            "directory.Attachment",
            "directory.Solicitation",
        ),
    ),
    Purpose(
        "relay",
        _("Transmettre un message à un prestataire, sans montrer d’adresse"),
        _("nom, adresse e-mail et message"),
        INTEREST,
        _("7 jours si l’adresse n’est pas confirmée, sinon 1 an"),
        ("directory.Message",),
    ),
    Purpose(
        "moderation",
        _("Regarder ce qui est signalé"),
        _("fiche ou besoin signalé, raison, précisions ; jamais qui signale"),
        INTEREST,
        _("1 an après la suite donnée"),
        ("directory.Report",),
    ),
    Purpose(
        "audit",
        _("Savoir qui a fait quoi, pour réparer une erreur ou un abus"),
        _("journal des actes : date, auteur, valeurs changées, raison"),
        INTEREST,
        _("5 ans"),
        ("members.AuditEntry", "admin.LogEntry"),
    ),
)
