from django.utils.module_loading import import_string

from alees_secrets.django.email import EmailBackend
from alees_secrets.django.settings import EMAIL_BACKEND, ENGINE, database


def test_entry_is_the_engines_when_options_are_given() -> None:
    assert database() == {"ENGINE": ENGINE, "OPTIONS": {}}
    assert database(sslmode="verify-full", pool=True) == {
        "ENGINE": ENGINE,
        "OPTIONS": {"sslmode": "verify-full", "pool": True},
    }


def test_names_lead_to_the_classes_when_django_imports_them() -> None:
    assert import_string(EMAIL_BACKEND) is EmailBackend
    assert import_string(f"{ENGINE}.base.DatabaseWrapper").vendor == "postgresql"
