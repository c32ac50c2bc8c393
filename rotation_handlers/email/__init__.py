"""Rotation of the e-mail secret: access keys for Amazon SES, or nothing where people set the credentials."""
