"""The declared environments. Edit this file first: accounts, regions, networks and database endpoints are examples."""

from config.account import Account
from config.database import Database
from config.email import ByHand, Ses
from config.environment import Environment
from config.github import GitHubRepository
from config.http_call import Call, Management
from config.http_provider import Http, Listed
from config.network import Network, SecretsManagerRoute
from config.people import IdentityCenterRole
from config.services import ApiService, Internal
from config.subscriptions import EmailSubscription, HttpsSubscription
from config.together import check_together

_REGION = "eu-central-1"
_RECOVERY_REGION = "eu-west-1"

_MANAGED = {"Authorization": "Bearer {management.token}"}
_WITH_KEY = {"X-Api-Key": "{api_key}", "X-Api-Secret": "{api_secret}"}
_GITHUB = GitHubRepository(repository="example/alees-secrets", environment="deployment")
_OPERATORS = (IdentityCenterRole(permission_set="AleesOnCall"),)
_WRITERS = (IdentityCenterRole(permission_set="AleesSecretWriter"),)
_AUDITORS = (IdentityCenterRole(permission_set="AleesAuditor"),)
_BREAK_GLASS = (IdentityCenterRole(permission_set="AleesBreakGlass"),)
_ON_CALL = EmailSubscription(address="oncall@alees.example")


def _services(slug: str) -> tuple[ApiService, ...]:
    """Return those who call the ERP, and one whom the ERP calls and who issues keys by a REST API."""
    keys = f"https://api.{slug}.payments.example/v1/keys"
    payments = Http(
        management=Management(secret=f"alees-{slug}-payments-management", fields=("token",)),
        create=Call(method="POST", url=keys, headers=_MANAGED, body={"name": "{name}", "scopes": ["payments"]}),
        api_key="key.public",
        api_secret="key.secret",  # noqa: S106 - where the answer has it
        list=Call(method="GET", url=f"{keys}?limit=1000", headers=_MANAGED),
        listed=Listed(items="data", name="name", api_key="public", id="id", more="has_more"),
        revoke=Call(method="DELETE", url=f"{keys}/{{id}}", headers=_MANAGED),
        verify=Call(method="GET", url=f"https://api.{slug}.payments.example/v1/account", headers=_WITH_KEY),
    )
    return (
        ApiService(name="partners", shard=1, provider=Internal()),
        ApiService(name="payments", shard=1, provider=payments),
    )


def dev() -> Environment:
    """Return the environment of developers: in whatever account they are logged in to, and nothing of it is kept."""
    return Environment(
        name="Dev",
        region=_REGION,
        recovery_region=_RECOVERY_REGION,
        account=Account(id=None, home_region=_REGION, keep_data=False),
        database=Database(
            host="alees-dev.example.eu-central-1.rds.amazonaws.com",
            name="alees",
            owner="alees_dev_owner",
            logins=("alees_dev_a", "alees_dev_b"),
            admin_secret="alees-dev-database-admin",  # noqa: S106 - the secret's name
        ),
        network=Network(
            vpc_id="vpc-0123456789abcdef2",
            subnet_ids=("subnet-0123456789abcdef4",),
            security_group_id="sg-0123456789abcdef2",
            route=SecretsManagerRoute.NAT,
        ),
        email=ByHand(),
        api_services=_services("dev"),
        iam_user=True,
        keep_data=False,
        log_retention_days=30,
    )


def staging() -> Environment:
    """Return the environment that rehearses Prod."""
    return Environment(
        name="Staging",
        region=_REGION,
        recovery_region=_RECOVERY_REGION,
        account=Account(id="222233334444", home_region=_REGION, github=_GITHUB),
        database=Database(
            host="alees-staging.cluster-example.eu-central-1.rds.amazonaws.com",
            name="alees",
            owner="alees_staging_owner",
            logins=("alees_staging_a", "alees_staging_b"),
            admin_secret="rds!cluster-22222222-3333-4444-5555-666666666666",  # noqa: S106 - the secret's name
        ),
        network=Network(
            vpc_id="vpc-0123456789abcdef1",
            subnet_ids=("subnet-0123456789abcdef2", "subnet-0123456789abcdef3"),
            security_group_id="sg-0123456789abcdef1",
            route=SecretsManagerRoute.EXISTING_ENDPOINT,
        ),
        email=Ses(region=_REGION),
        api_services=_services("staging"),
        operators=_OPERATORS,
        writers=_WRITERS,
        auditors=_AUDITORS,
        break_glass=_BREAK_GLASS,
        alert_subscriptions=(_ON_CALL,),
        log_retention_days=90,
    )


def prod() -> Environment:
    """Return the environment that serves the business."""
    return Environment(
        name="Prod",
        region=_REGION,
        recovery_region=_RECOVERY_REGION,
        account=Account(id="111122223333", home_region=_REGION, github=_GITHUB),
        database=Database(
            host="alees-prod.cluster-example.eu-central-1.rds.amazonaws.com",
            name="alees",
            owner="alees_prod_owner",
            logins=("alees_prod_a", "alees_prod_b"),
            admin_secret="rds!cluster-11111111-2222-3333-4444-555555555555",  # noqa: S106 - the secret's name
        ),
        network=Network(
            vpc_id="vpc-0123456789abcdef0",
            subnet_ids=("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
            security_group_id="sg-0123456789abcdef0",
            route=SecretsManagerRoute.CREATE_ENDPOINT,
        ),
        email=Ses(region=_REGION, from_addresses=("*@alees.example",)),
        api_services=_services("prod"),
        operators=_OPERATORS,
        writers=_WRITERS,
        auditors=_AUDITORS,
        break_glass=_BREAK_GLASS,
        alert_subscriptions=(_ON_CALL, HttpsSubscription(url="https://pager.alees.example/sns")),
    )


def declared() -> tuple[Environment, ...]:
    """Return every environment that the app builds, but Local.

    Raises:
        ConfigError: A value in this file is not allowed, or two environments do not go together.
    """
    environments = (dev(), staging(), prod())
    check_together(environments)
    return environments
