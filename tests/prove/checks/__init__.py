"""What is looked at in the account; docs/unverified.md says what each check shows."""
