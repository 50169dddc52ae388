"""Lists that can be taken away as a file for a spreadsheet.

    class MemberAdmin(ExportsTable, HouseAdmin):
        resource_classes = (MemberResource,)

The resource names its columns one by one: nothing leaves the house because a model has grown a
field. Whoever may see the list may export it, as it is filtered, or the rows that are ticked.
"""

import re
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from import_export.admin import ExportActionMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import Resource
from tablib import Dataset
from unfold.contrib.import_export.forms import SelectableFieldsExportForm

from members.fresh import NeedsFreshLogin

# A spreadsheet runs what begins so, and a name is typed by a stranger.
FORMULA: Final = re.compile(r"[=+\-@\t\r\n]")
NUMBER: Final = re.compile(r"[+-]?\d+([.,]\d+)?")


def harmless(cell: Any) -> Any:
    """The cell, with an apostrophe before what a spreadsheet would run; numbers stay numbers."""
    if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


class SpreadsheetCSV(CSV):  # type: ignore[misc]
    """What a double click opens in columns: a French spreadsheet expects semicolons."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        delimiter = ";" if get_language() == "fr" else ","
        data: str = super().export_data(dataset, delimiter=delimiter, **kwargs)
        return data


class ExportForm(SelectableFieldsExportForm):  # type: ignore[misc]
    def _get_field_label(self, resource: type[Resource], field_name: str) -> str:
        field: Field = resource.fields[field_name]
        return str(field.column_name)


class ExportsTable(NeedsFreshLogin, ExportActionMixin):  # type: ignore[misc]
    """For a ModelAdmin that names its `resource_classes`: a button and an action that export."""

    fresh_views = ("export_action", "export_admin_action")
    export_formats: ClassVar[list[type[CSV | XLSX]]] = [SpreadsheetCSV, XLSX]
    export_form_class = ExportForm
    to_encoding = "utf-8-sig"  # without the mark, a spreadsheet takes accents for Latin-1
    show_change_form_export = False
    change_form_template: ClassVar[str | None] = None

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[Any]:
        return list(self.get_queryset(request).values_list("pk", flat=True))

    def get_data_for_export(
        self, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> Dataset:
        data = super().get_data_for_export(request, queryset, **kwargs)
        rows = [tuple(harmless(cell) for cell in row) for row in data]
        return Dataset(*rows, headers=data.headers, title=str(self.opts.verbose_name_plural))

    def get_export_filename(
        self, request: HttpRequest, queryset: QuerySet[Any], file_format: Any
    ) -> str:
        name = slugify(self.opts.verbose_name_plural)
        return f"{name}-{timezone.localdate():%Y-%m-%d}.{file_format.get_extension()}"
