"""Looks at the secrets every hour, and at what has to tell people of them."""
