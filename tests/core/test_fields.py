import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models.functions import Upper
from django.test.utils import isolate_apps

from linli.core import crypto
from linli.core.crypto import DecryptionError
from linli.core.fields import BlindIndexField, EncryptedTextField, index_value

PHONE = "13867967113"


@pytest.fixture
def letters(transactional_db):
    """The manager of a model with encrypted fields, whose table lives as long as the test."""
    with isolate_apps("linli.core"):

        class Letter(models.Model):
            phone = EncryptedTextField(blank=True)
            former = EncryptedTextField(null=True, context="people.OldPerson.phone")
            phone_index = BlindIndexField()

            class Meta:
                app_label = "core"

            def __str__(self):
                return f"letter {self.pk}"

        with connection.schema_editor() as editor:
            editor.create_model(Letter)
        try:
            yield Letter._default_manager
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(Letter)


def _stored(letters, column="phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {letters.model._meta.db_table} ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


def test_text_lies_encrypted_and_comes_back(letters):
    letters.create(phone=PHONE, former=PHONE)
    row = letters.get()
    assert (row.phone, row.former) == (PHONE, PHONE)
    assert list(letters.values_list("phone", flat=True)) == [PHONE]
    assert _stored(letters)[0].startswith("v1:")
    assert PHONE not in _stored(letters)[0]


def test_every_way_of_writing_encrypts(letters):
    letters.bulk_create([letters.model(phone="1"), letters.model(phone="2"), letters.model(phone="3")])
    first, second, third = letters.order_by("id")
    letters.filter(pk=first.pk).update(phone="11")
    second.phone = "22"
    letters.bulk_update([second], ["phone"])
    third.phone = "33"
    third.save(update_fields=["phone"])
    assert [row.phone for row in letters.order_by("id")] == ["11", "22", "33"]
    assert all(value.startswith("v1:") for value in _stored(letters))


def test_the_empty_text_and_null_stay(letters):
    letters.create(phone="", former=None)
    row = letters.get()
    assert (row.phone, row.former) == ("", None)
    assert (_stored(letters), _stored(letters, "former")) == ([""], [None])


def test_the_ciphertext_is_bound_to_its_column(letters):
    letters.create(phone=PHONE, former=PHONE)
    table = letters.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET phone = former")
    with pytest.raises(DecryptionError, match=r"core\.Letter\.phone"):
        letters.get()
    assert letters.defer("phone").get().former == PHONE


def test_another_key_does_not_open(letters, settings):
    letters.create(phone=PHONE)
    settings.LINLI_DATA_KEY = "A" * 43 + "="
    with pytest.raises(DecryptionError):
        letters.get()


def test_the_lookups_that_can_work(letters):
    letters.create(phone=PHONE)
    letters.create(phone="", former=PHONE)
    assert letters.filter(phone="").count() == letters.exclude(phone="").count() == 1
    assert letters.filter(former__isnull=True).count() == letters.filter(former__isnull=False).count() == 1
    assert letters.exclude(phone="").get().phone == PHONE


@pytest.mark.parametrize(
    "lookup",
    [
        {"phone": PHONE},
        {"phone__exact": models.F("phone_index")},
        {"phone__in": [PHONE]},
        {"phone__contains": "138"},
        {"phone__startswith": "138"},
        {"phone__iexact": ""},
        {"phone__gt": ""},
        {"phone__regex": "1"},
    ],
)
def test_lookups_that_cannot_work_are_refused(letters, lookup):
    with pytest.raises(FieldError, match="blind index"):
        letters.filter(**lookup)


def test_an_expression_is_refused(letters):
    letters.create(phone=PHONE, former=PHONE)
    for expression in (models.Value(PHONE), models.F("former"), models.F("phone_index"), Upper("phone_index")):
        with pytest.raises(FieldError, match="not an expression"):
            letters.update(phone=expression)
    with pytest.raises(FieldError, match="not an expression"):
        letters.create(phone=Upper(models.Value(PHONE)))
    with pytest.raises(FieldError, match="not an expression"):
        letters.bulk_create([letters.model(phone=models.Value(PHONE))])


def test_the_blind_index_finds_the_value(letters):
    context = "core.Letter.phone"
    letters.create(phone=PHONE, phone_index=index_value(PHONE, context))
    letters.create(phone="", phone_index=index_value("", context))
    assert letters.get(phone_index=index_value(PHONE, context)).phone == PHONE
    assert not letters.filter(phone_index=index_value("13867967114", context)).exists()


def test_index_value_uses_the_data_key(settings):
    settings.LINLI_DATA_KEY = "A" * 43 + "="
    assert index_value(PHONE, "a.B.c") == crypto.blind_index(PHONE, "a.B.c", key=settings.LINLI_DATA_KEY)


def test_a_migration_can_build_the_fields_again():
    plain = EncryptedTextField(blank=True)
    pinned = EncryptedTextField(context="people.OldPerson.phone")
    index = BlindIndexField(db_index=False)
    assert plain.deconstruct()[1:] == ("linli.core.fields.EncryptedTextField", [], {"blank": True})
    assert pinned.deconstruct()[3] == {"context": "people.OldPerson.phone"}
    assert index.deconstruct()[1:] == ("linli.core.fields.BlindIndexField", [], {"db_index": False})
    assert index.clone().max_length == 32
    assert not index.clone().editable
    assert not index.clone().db_index
    assert BlindIndexField().clone().db_index
    assert EncryptedTextField(**pinned.deconstruct()[3]).context == "people.OldPerson.phone"
