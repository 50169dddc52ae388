"""« Signaler » an open need, for the host to look at."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory import gate
from directory.forms.public import ReportForm
from directory.services import reports
from directory.views.needs import open_needs


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_need(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = get_object_or_404(open_needs(), pk=pk), timezone.now()
    form = ReportForm(request.POST if request.method == "POST" else None, now=now)
    if form.is_valid():
        if gate.allowed(request, form.gate_action):
            reports.report(need=found, now=now, **form.cleaned_data)
            messages.success(request, _("Merci. L’équipe va regarder ce besoin."))
            return redirect(found)
        form.add_refusal(gate.too_many())
    context = {"need": found, "form": form}
    return render(
        request, "directory/need_report.html", context, status=422 if form.errors else 200
    )
