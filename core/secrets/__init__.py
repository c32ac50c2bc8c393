"""The name that the ERP imports the client by: ``from core.secrets import SecretsManager``.

``core`` has no ``__init__.py`` here, so this works as installed in an application that has no package ``core`` of its
own. Python does not look further for ``core.secrets`` when it finds a ``core/__init__.py``: an application that has one
adds a file ``core/secrets.py`` with this line, and the same import works there::

    from alees_secrets import *  # noqa: F403
"""

from alees_secrets import *  # noqa: F403 - an alias of the public names, whatever they are
from alees_secrets import __all__ as __all__
