"""An announcement, as the team writes it in the admin."""

from typing import Any

from django import forms

from members.models import Announcement
from members.services.announcements import check_languages


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Announcement
        fields = ("title", "body", "title_en", "body_en", "by_email", "expires_at")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors:
            check_languages(Announcement(title_en=said["title_en"], body_en=said["body_en"]))
        return said
