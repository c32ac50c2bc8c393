"""Rotation of PostgreSQL credentials by alternating two logins that share one owner role."""
