"""What an environment declares of its secrets, as those know it who look at them."""

from alees_secrets.observing import Declared
from config.access import HONEY
from config.environment import Environment


def declaration(environment: Environment) -> Declared:
    """Return what *environment* declares."""
    return Declared(
        environment=environment.slug,
        paths=environment.secret_paths,
        rotated=environment.rotated_paths,
        unjudged=(HONEY,),
        recovery_region=environment.recovery_region,
    )
