"""Kiosks in the admin: a tablet is added with a link that is shown once, and revoked at once."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter

from booking.models import Device
from booking.services import kiosk
from members.admin.audit import ShowsAudit
from members.admin.house import HouseAdmin
from members.admin.refusals import RefusalForm, ShowsRefusals
from members.models import User


class DeviceForm(RefusalForm):
    class Meta:
        model = Device
        fields = ("space", "name")


@admin.register(Device)
class DeviceAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """Never changed nor deleted by hand: a lost tablet is revoked, a new one is added."""

    form = DeviceForm
    list_display = ("name", "space", "made_at", "revoked_at")
    list_filter = (("space", RelatedDropdownFilter),)
    list_select_related = ("space",)
    search_fields = ("name",)
    ordering = ("-made_at", "-id")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Device | None = None) -> Any:
        told = ("made_by", "made_at", "revoked_at")
        return ("space", "name") if obj is None else ("space", "name", *told)

    def has_change_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        return obj is None and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Device, form: Any, change: bool) -> None:
        device, token = kiosk.add_device(
            **form.cleaned_data, by=cast(User, request.user), now=timezone.now()
        )
        obj.pk = device.pk
        link = f"{settings.SITE_URL}{reverse('booking:set_up_kiosk', args=[token])}"
        words = _("Ouvrez ce lien sur la tablette ; il n’est montré qu’une fois : %(link)s")
        self.message_user(request, words % {"link": link}, messages.WARNING)

    @admin.action(description=_("Révoquer les bornes choisies"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Device]) -> None:
        devices = list(queryset.filter(revoked_at=None))
        for device in devices:
            kiosk.revoke_device(device=device, by=cast(User, request.user), now=timezone.now())
            self.log_change(request, device, str(_("Révoquée.")))
        words = ngettext("%d borne révoquée.", "%d bornes révoquées.", len(devices))
        self.message_user(request, words % len(devices), messages.SUCCESS)
