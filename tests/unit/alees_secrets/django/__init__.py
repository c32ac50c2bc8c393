"""Tests of alees_secrets.django."""
