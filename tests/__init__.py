"""Tests, mirrored on the source; see CONTRIBUTING.md."""
