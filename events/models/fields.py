"""Columns of the archive: dates as EDTF, codes, and keys computed from another column of the same row."""

import hashlib
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from events import addresses, anchoring, codes, dates, names


class CheckedField(models.Field):
    """A column whose `to_python` refuses or rewrites what is typed. That happens to forms and on `save()`; a value to look for is
    compared as it is, since looking for a wrong one is no error and finds nothing."""

    def get_prep_value(self, value: Any) -> Any:
        return models.Field.get_prep_value(self, value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class EDTFField(CheckedField, models.CharField):
    """A date as an editor types it, in the archive's part of EDTF; kept in its canonical spelling."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 64, "blank": True, "default": "", **kwargs})

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not value:
            return value
        try:
            return dates.parse(value).text
        except dates.DateError as error:
            raise ValidationError(str(error), code="date") from None


class LanguageField(CheckedField, models.CharField):
    """A BCP 47 language tag, with a script where it is not the language's usual one: "fr", "az-Cyrl"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 35, "blank": True, "default": "", **kwargs})

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not value:
            return value
        try:
            return codes.language_tag(value)
        except codes.CodeError as error:
            raise ValidationError(str(error), code="language") from None


class CountryField(models.CharField):
    """An ISO 3166-1 alpha-2 code, or the reserved EU and UN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **{"max_length": 2, "blank": True, "default": "", "choices": codes.countries, **kwargs}
        )


class TextField(CheckedField, models.TextField):
    """Words of a source: NFC, line ends as one newline, no control characters; otherwise as printed."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not value:
            return value
        try:
            return anchoring.normalise(value)
        except anchoring.TextError as error:
            raise ValidationError(str(error), code="text") from None


class DerivedField(models.Field):
    """A column computed from `source`, another column of the row, whenever the row is written: by `save()`, also with
    `update_fields` that name it, and by `bulk_create()`."""

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **{"blank": True, **kwargs, "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def derive(self, value: Any) -> Any:
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.derive(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value


class EDTFRangeField(DerivedField, DateRangeField):
    """The days that an `EDTFField` covers, upper bound exclusive; null where the date is unknown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, **kwargs})

    def derive(self, value: str) -> DateRange | None:
        return DateRange(*dates.parse(value).range) if value else None


class SortKeyField(DerivedField, models.CharField):
    """Sorts names alike on every server: made by `names.sort_key` and compared byte by byte."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 300, "default": "", "db_collation": "C", **kwargs})

    def derive(self, value: str) -> str:
        return names.sort_key(value)[: self.max_length]


class FoldedField(DerivedField, models.CharField):
    """`names.fold` of a name: equal or close for its spellings in other scripts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 300, "default": "", **kwargs})

    def derive(self, value: str) -> str:
        return names.fold(value)[: self.max_length]


class DigestField(DerivedField, models.CharField):
    """SHA-256 of a text in UTF-8, as 64 hexadecimal digits; "" for an empty text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 64, "default": "", **kwargs})

    def derive(self, value: str) -> str:
        return digest(value)


class TextKeyField(DigestField):
    """Equal for two texts that `anchoring.find` takes for the same: blanks, quotation marks and dashes make no difference."""

    def derive(self, value: str) -> str:
        return text_key(value)


class AddressKeyField(DigestField):
    """Equal for the spellings of one page's address (`addresses.address_key`); a digest, since addresses outgrow an index."""

    def derive(self, value: str) -> str:
        return address_key(value)


def digest(text: str) -> str:
    """SHA-256 of `text` in UTF-8, as 64 hexadecimal digits; "" for an empty text."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def text_key(text: str) -> str:
    """What `TextKeyField` holds for a text."""
    return digest(anchoring.comparable(text))


def address_key(url: str) -> str:
    """What `AddressKeyField` holds for an address. Raises `addresses.AddressError`."""
    return digest(addresses.address_key(url))


def validate_address(url: str) -> None:
    try:
        addresses.address_key(url)
    except addresses.AddressError as error:
        raise ValidationError(str(error), code="address") from None
