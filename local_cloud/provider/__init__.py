"""A provider of API keys with a REST API over TLS, as far as rotation needs one."""
