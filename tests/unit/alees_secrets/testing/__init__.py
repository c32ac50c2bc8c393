"""Tests of alees_secrets.testing."""
