"""The engine ``alees_secrets.django.postgresql``."""
