"""Each behaviour of AWS that the local AWS supplies, where AWS describes it, and the test that shows it.

What MiniStack does by itself is not listed. A test checks that every row's test exists.
"""

from local_cloud.supplied.access import ACCESS
from local_cloud.supplied.events import EVENTS
from local_cloud.supplied.metrics import METRICS
from local_cloud.supplied.replication import REPLICATION
from local_cloud.supplied.rotation import ROTATION
from local_cloud.supplied.row import Supplied
from local_cloud.supplied.stacks import STACKS
from local_cloud.supplied.trail import TRAIL
from local_cloud.supplied.versions import VERSIONS

SUPPLIED: tuple[Supplied, ...] = (*ROTATION, *EVENTS, *VERSIONS, *REPLICATION, *ACCESS, *STACKS, *TRAIL, *METRICS)
