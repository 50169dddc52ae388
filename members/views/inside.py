"""Pages for those of the house: active and paused members, and the team. Others read why not."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.standing import is_inside, member_of

View = Callable[..., HttpResponse]


def inside_only(view: View) -> View:
    """The view for who belongs here; an explanation (403) for an applicant or a former member."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if is_inside(request.user):
            return view(request, *args, **kwargs)
        context = {"member": member_of(request.user)}
        return render(request, "members/not_inside.html", context, status=403)

    return checked
