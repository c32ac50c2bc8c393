"""Rotation of the key that signs JSON Web Tokens."""
