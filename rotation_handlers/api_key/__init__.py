"""Rotation of API keys, by a provider for each service."""
