"""Django settings that survive rotations. Only this package of the client imports Django and psycopg.

::

    INSTALLED_APPS = [..., "alees_secrets.django"]  # checks for: manage.py check --deploy

    DATABASES = {"default": {"ENGINE": "alees_secrets.django.postgresql"}}
    EMAIL_BACKEND = "alees_secrets.django.email.EmailBackend"
"""
