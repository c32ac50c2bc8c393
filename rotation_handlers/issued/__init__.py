"""Rotation of credentials that somebody else issues: API keys of a provider, access keys of IAM."""
