"""Functions that watch an environment and tell people: alerting, access_watch and health."""
