"""Tests of alees_secrets."""
