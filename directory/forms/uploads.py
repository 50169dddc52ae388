"""Files that a form takes: read no further than what would be refused anyway."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from directory.services.attachments import MOST_FILES
from members.services.files import LARGEST


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})


class FilesField(forms.FileField):
    """Several files, as a list of names and contents. One more than is allowed is enough."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, max_length=255, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads = data if isinstance(data, list | tuple) else [data]
        found = [super(FilesField, self).clean(upload, initial) for upload in uploads]
        return [named(upload) for upload in found[: MOST_FILES + 1] if upload]


class UploadForm(forms.Form):
    """One file more."""

    file = forms.FileField(allow_empty_file=True, max_length=255)


def named(upload: "UploadedFile[bytes]") -> tuple[str, bytes]:
    """Its name and its content, one byte more than is allowed being enough to be refused."""
    return upload.name or "", upload.read(LARGEST + 1)
