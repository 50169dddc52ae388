"""What the search understands, as the team edits it: places, trades and their words, skills."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from directory.models import Commune, Sector, Skill, Synonym, Trade
from directory.services import reference as services
from members.admin.audit import ShowsAudit
from members.admin.house import HouseAdmin, HouseInline
from members.admin.refusals import RefusalForm, ShowsRefusals
from members.models import User


class ReferenceAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """Never deleted, for others refer to it; its address on the web stays what it is."""

    form = RefusalForm

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj is not None else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> dict[str, tuple[str, ...]]:
        return {} if obj is not None else {"slug": ("name",)}


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)


@admin.register(Commune)
class CommuneAdmin(ReferenceAdmin):
    list_display = ("name", "code", "kind", "part_of", "postcode", "in_territory")
    list_filter = ("in_territory", ("kind", ChoicesDropdownFilter))
    list_select_related = ("part_of",)
    search_fields = ("name", "code", "postcode")
    ordering = ("name", "id")
    fields = (
        ("name", "slug"),
        ("code", "kind", "part_of"),
        "postcode",
        ("latitude", "longitude"),
        "in_territory",
    )

    def save_model(self, request: HttpRequest, obj: Commune, form: Any, change: bool) -> None:
        services.save_commune(commune=obj, by=_by(request), now=timezone.now())


@admin.register(Sector)
class SectorAdmin(ReferenceAdmin):
    list_display = ("name", "name_en", "trades_in_it", "position")
    ordering = ("position", "name", "id")
    search_fields = ("name", "name_en")
    fields = (("name", "name_en"), "slug", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sector]:
        found: QuerySet[Sector] = super().get_queryset(request)
        return found.annotate(number_of_trades=Count("trades"))

    @admin.display(description=gettext_lazy("métiers"), ordering="number_of_trades")
    def trades_in_it(self, sector: Sector) -> int:
        number: int = sector.number_of_trades  # type: ignore[attr-defined]  # annotated
        return number

    def save_model(self, request: HttpRequest, obj: Sector, form: Any, change: bool) -> None:
        services.save_sector(sector=obj, by=_by(request), now=timezone.now())


class SynonymInline(HouseInline):
    """The everyday words that find a trade."""

    model = Synonym
    fields = ("word",)
    extra = 3


@admin.register(Trade)
class TradeAdmin(ReferenceAdmin):
    list_display = ("name", "sector", "number_of_synonyms", "naf_rev2", "naf_2025", "is_active")
    list_filter = (("sector", RelatedDropdownFilter), "is_active")
    list_select_related = ("sector",)
    search_fields = ("name", "name_en", "synonyms__word", "naf_rev2", "naf_2025")
    search_help_text = gettext_lazy("Nom, synonyme ou code NAF")
    ordering = ("name", "id")
    inlines = (SynonymInline,)
    fields = (
        ("name", "name_en"),
        "slug",
        "sector",
        ("naf_rev2", "naf_2025"),
        "is_active",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trade]:
        found: QuerySet[Trade] = super().get_queryset(request)
        return found.annotate(synonyms_of_it=Count("synonyms", distinct=True))

    @admin.display(description=gettext_lazy("synonymes"), ordering="synonyms_of_it")
    def number_of_synonyms(self, trade: Trade) -> int:
        number: int = trade.synonyms_of_it  # type: ignore[attr-defined]  # annotated
        return number

    def save_model(self, request: HttpRequest, obj: Trade, form: Any, change: bool) -> None:
        pass  # with its synonyms, in `save_related`

    def save_related(
        self,
        request: HttpRequest,
        form: "ModelForm[Trade]",
        formsets: "list[BaseInlineFormSet[Any, Trade, Any]]",
        change: bool,
    ) -> None:
        written: list[Synonym] = []
        removed: list[Synonym] = []
        for formset in formsets:
            written += formset.save(commit=False)
            removed += formset.deleted_objects
        services.save_trade(
            trade=form.instance,
            synonyms=written,
            removed=removed,
            by=_by(request),
            now=timezone.now(),
        )


@admin.register(Synonym)
class SynonymAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """All the everyday words in one list: the host adds one when a search found nobody."""

    form = RefusalForm
    list_display = ("word", "trade")
    list_filter = (("trade", RelatedDropdownFilter),)
    list_select_related = ("trade",)
    search_fields = ("word", "trade__name")
    autocomplete_fields = ("trade",)
    ordering = ("word", "id")
    fields = ("word", "trade")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)  # one by one, each with its trace
        return actions

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        services.save_synonym(synonym=obj, by=_by(request), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        services.remove_synonym(synonym=obj, by=_by(request), now=timezone.now())


@admin.register(Skill)
class SkillAdmin(ReferenceAdmin):
    """A skill that is another word for one is merged by « se dit aussi »."""

    list_display = ("name", "name_en", "same_as", "number_of_providers")
    list_select_related = ("same_as",)
    search_fields = ("name", "name_en", "same_as__name")
    autocomplete_fields = ("same_as",)
    ordering = ("name", "id")
    fields = (("name", "name_en"), "same_as")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> dict[str, tuple[str, ...]]:
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        found: QuerySet[Skill] = super().get_queryset(request)
        return found.annotate(providers_with_it=Count("providers"))

    @admin.display(description=gettext_lazy("prestataires"), ordering="providers_with_it")
    def number_of_providers(self, skill: Skill) -> int:
        number: int = skill.providers_with_it  # type: ignore[attr-defined]  # annotated
        return number

    def save_model(self, request: HttpRequest, obj: Skill, form: Any, change: bool) -> None:
        services.save_skill(skill=obj, by=_by(request), now=timezone.now())
