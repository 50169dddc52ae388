"""Users in the admin.

Who may touch whom: whoever may assign roles (operator) changes everybody but superusers; other
staff (host) change only people without any access to the admin. Else a host could take over an
operator's account by changing its address or its password.
"""

from typing import Any, cast

from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members import services
from members.admin.audit import ShowsAudit
from members.admin.house import HouseAdmin
from members.forms.staff import PasswordForm, UserAddForm, UserChangeForm
from members.fresh import NeedsFreshLogin
from members.models import Role, State, User


class RoleFilter(admin.SimpleListFilter):
    title = _("rôle")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(role.value, role.label) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class MembershipFilter(admin.SimpleListFilter):
    title = _("membre")
    parameter_name = "member"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Oui")), ("no", _("Non"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() is None:
            return queryset
        return queryset.filter(member__isnull=self.value() == "no")


@admin.register(User)
class UserAdmin(NeedsFreshLogin, ShowsAudit, DjangoUserAdmin, HouseAdmin):  # type: ignore[type-arg,misc]
    fresh_views = ("change_view", "user_change_password")
    form = UserChangeForm
    add_form = UserAddForm
    change_password_form = PasswordForm
    list_display = ("email", "name", "roles_held", "is_member", "is_active", "last_login")
    list_filter = (RoleFilter, MembershipFilter, "is_active", "language")
    list_select_related = ("member",)
    search_fields = ("email", "name", "member__trade")
    ordering = ("email",)
    filter_horizontal = ()
    actions = ("make_members",)
    add_fieldsets = (
        (None, {"fields": ("email", "name", "language", "as_member")}),
        (_("Mot de passe"), {"fields": ("usable_password", "password1", "password2")}),
    )

    def asks_for_fresh_login(self, request: HttpRequest) -> bool:
        # Roles give power over everybody, and stand on the page of a person.
        return request.user.has_perm("members.assign_roles")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        may_assign = request.user.has_perm("members.assign_roles")
        may_change = self.has_change_permission(request, obj)
        roles = "roles" if may_assign and may_change else "roles_held"
        return (
            (None, {"fields": ("email", "address_verified", "name", "language", "password")}),
            (_("Accès"), {"fields": ("is_active", roles, "is_staff", "is_superuser")}),
            (_("Dates"), {"fields": ("last_login", "date_joined")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        always = ("address_verified", "roles_held", "is_staff", "last_login", "date_joined")
        return always if _is_superuser(request) else (*always, "is_superuser")

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> "type[ModelForm[User]]":
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user  # type: ignore[attr-defined]  # a class made for this request
        return form

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or _is_superuser(request):
            return True
        if request.user.has_perm("members.assign_roles"):
            return not obj.is_superuser
        return not (obj.is_staff or obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # The journal of what staff did in the admin would go with them.
        if obj is not None and (obj.is_staff or obj.is_superuser):
            return False
        return super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        # Nobody deletes addresses by themselves: they go with their user.
        perms_needed -= {EmailAddress._meta.verbose_name}
        return deleted, counts, perms_needed, protected

    def save_model(
        self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool
    ) -> None:
        by, now = cast(User, request.user), timezone.now()
        if not change:
            services.open_account(
                user=obj,
                now=now,
                as_member=form.cleaned_data["as_member"],
                by=by,
                state=State.ACTIVE,
            )
            return
        services.save_account(user=obj, by=by, now=now)
        if "roles" in form.cleaned_data:
            services.set_roles(user=obj, roles=form.cleaned_data["roles"], by=by, now=now)

    @admin.display(description=_("rôles"))
    def roles_held(self, user: User) -> str:
        names = sorted(group.name for group in user.groups.all())
        return ", ".join(str(Role(name).label) for name in names if name in Role.values)

    @admin.display(description=_("membre"), boolean=True)
    def is_member(self, user: User) -> bool:
        return hasattr(user, "member")

    @admin.display(description=_("adresse vérifiée"), boolean=True)
    def address_verified(self, user: User) -> bool:
        return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()

    @admin.action(description=_("Faire membres les utilisateurs choisis"), permissions=["change"])
    def make_members(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        now = timezone.now()
        users = list(queryset.filter(member=None).exclude(name=""))
        for user in users:
            services.register(user=user, now=now, by=cast(User, request.user), state=State.ACTIVE)
        self.message_user(
            request,
            ngettext("%d nouveau membre.", "%d nouveaux membres.", len(users)) % len(users),
            messages.SUCCESS,
        )


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser
