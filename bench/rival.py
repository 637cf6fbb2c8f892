"""The same rows into the same tables by Linli and by django-import-export, each looked through first and then written.

    python -m bench.rival linli|import-export WORKBOOK

Runs in an empty data folder and prints the seconds and the rows written as JSON. The resource is written as the
documentation of django-import-export shows it: homes and households are found or made for each row before it, the
residence after it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

PLACES = (("14", "city"), ("1499", "district"), ("1499001", "street"), ("1499001001", "community"))


def main() -> None:
    """Take the workbook in one way, and tell how long that took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    from django.core.management import call_command

    from linli.people.models import Person

    call_command("migrate", verbosity=0)
    area = _community()
    started = time.monotonic()
    {"linli": _linli, "import-export": _import_export}[sys.argv[1]](Path(sys.argv[2]), area)
    print(json.dumps({"seconds": time.monotonic() - started, "people": Person.objects.count()}))


def _community() -> Any:
    from linli.accounts.rules import SYSTEM
    from linli.areas.actions import add_area

    area = None
    for code, level in PLACES:
        area = add_area(code=code, name=f"虚构{code}", level=level, parent=area, by=SYSTEM)
    return area


def _linli(path: Path, area: Any) -> None:
    from linli.accounts.rules import SYSTEM
    from linli.exchange.actions import import_file

    import_file(path, kind="people", area=area, by=SYSTEM, partial=True)


def _import_export(path: Path, area: Any) -> None:
    from tablib import Dataset

    written = Dataset().load(path.read_bytes(), format="xlsx", headers=False)
    # The title stands over the table; two columns are worked out before each row.
    _title, headers, *rows = written
    table = Dataset(*((*row, "", "") for row in rows), headers=[*headers, "sex", "id_number_index"])
    resource = _resource(area)
    for dry_run in (True, False):
        resource.import_data(table, dry_run=dry_run, raise_errors=True)


def _resource(area: Any) -> Any:
    from import_export import fields, resources, widgets

    from linli.core import clock
    from linli.housing.models import Building, Compound, Dwelling
    from linli.people.models import Household, Person, Residence
    from linli.people.numbers import new_numbers
    from linli.people.queries import id_index, phone_index
    from linli.people.terms import search_terms

    class PersonResource(resources.ModelResource):
        name = fields.Field("name", column_name="姓名")
        sex = fields.Field("sex", column_name="sex")
        id_number = fields.Field("id_number", column_name="公民身份号码")
        id_number_index = fields.Field("id_number_index", column_name="id_number_index")
        birth_date = fields.Field("birth_date", column_name="出生日期", widget=widgets.DateWidget("%Y-%m-%d"))
        phone = fields.Field("phone", column_name="联系电话")
        registered_address = fields.Field("registered_address", column_name="户籍地址")
        employer = fields.Field("employer", column_name="工作单位")
        note = fields.Field("note", column_name="备注")

        class Meta:
            model = Person
            import_id_fields = ("id_number_index",)
            fields = (
                "name",
                "sex",
                "id_number",
                "id_number_index",
                "birth_date",
                "phone",
                "registered_address",
                "employer",
                "note",
            )

        def before_import_row(self, row: Any, **_options: Any) -> None:
            for header, value in row.items():
                row[header] = "" if value is None else value
            row["sex"] = {"女": "female", "男": "male"}.get(row["性别"], "")
            row["id_number_index"] = id_index(row["公民身份号码"])
            compound, _made = Compound.objects.get_or_create(community=area, name=row["小区名称"])
            address = f"{row['小区名称']} {row['楼栋号']}"
            building, _made = Building.objects.get_or_create(
                community=area,
                address=address,
                defaults={"name": row["楼栋号"], "compound": compound, "path": area.path},
            )
            dwelling, _made = Dwelling.objects.get_or_create(
                building=building,
                entrance=row["单元"],
                room=row["房号"],
                defaults={"path": area.path, "address": f"{address} {row['单元']} {row['房号']}"},
            )
            self.dwelling = dwelling

        def before_save_instance(self, instance: Any, row: Any, **_options: Any) -> None:
            instance.path = area.path
            instance.phone_index = phone_index(instance.phone)
            instance.search_terms = search_terms(instance.name, self.dwelling.address, instance.phone)
            instance.created_at = instance.created_at or clock.now()
            instance.changed_at = clock.now()

        def after_save_instance(self, instance: Any, row: Any, **_options: Any) -> None:
            now = clock.now()
            household = Household.objects.filter(dwelling=self.dwelling, ended_on=None).first()
            if household is None:
                household = Household.objects.create(
                    number=new_numbers(1)[0], dwelling=self.dwelling, path=area.path, created_at=now, changed_at=now
                )
            Residence.objects.get_or_create(person=instance, until=None, defaults={"household": household})

    return PersonResource()


if __name__ == "__main__":
    main()
