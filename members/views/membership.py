"""Where I stand: my state, my plan, my application, my pauses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members.models import Member


@require_safe
def membership(request: HttpRequest) -> HttpResponse:
    member = get_object_or_404(Member.objects.with_user(), user_id=request.user.pk)
    context = {
        "member": member,
        "application": member.applications.select_related("plan").first(),
        "subscriptions": member.subscriptions.filter(is_void=False).select_related("plan"),
        "pauses": member.pauses.all(),
    }
    return render(request, "members/membership.html", context)
