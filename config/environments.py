"""The declared environments. Edit this file first: accounts, regions, networks and database endpoints are examples."""

from config.database import Database
from config.environment import Environment, Network


def prod() -> Environment:
    """Return the environment that serves the business."""
    return Environment(
        name="Prod",
        region="eu-central-1",
        account="111122223333",
        database=Database(
            host="alees-prod.cluster-example.eu-central-1.rds.amazonaws.com",
            name="alees",
            admin_secret="rds!cluster-11111111-2222-3333-4444-555555555555",  # noqa: S106 - the secret's name
        ),
        network=Network(
            vpc_id="vpc-0123456789abcdef0",
            subnet_ids=("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
            security_group_id="sg-0123456789abcdef0",
        ),
    )


def declared() -> tuple[Environment, ...]:
    """Return every environment that the app builds, but Local.

    Raises:
        ConfigError: A value in this file is not allowed.
    """
    return (prod(),)
