"""The embedded PostgreSQL: TLS only, SCRAM only, loopback only, and an admin like that of Amazon RDS."""
