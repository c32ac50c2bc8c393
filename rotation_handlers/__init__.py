"""The rotation functions: one engine that keeps Secrets Manager's contract, one folder for each kind of secret."""
