"""Tests that deploy into an account of their own; each file may run beside the others."""
