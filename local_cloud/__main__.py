"""Entry of ``python -m local_cloud``."""

from local_cloud.commands import main

main()
