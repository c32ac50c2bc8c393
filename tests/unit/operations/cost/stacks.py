"""Stacks for tests of bills."""

import json
from pathlib import Path
from typing import Any

from operations.review.assembly import Stack


def stack(folder: Path, *resources: dict[str, Any], name: str = "AleesSecretsProd", region: str = "us-east-1") -> Stack:
    """A stack with these resources; ``path`` in one of them is that of its construct."""
    described, paths = {}, {}
    for number, resource in enumerate(resources):
        logical_id = f"Resource{number}"
        path = f"/{name}/{resource.get('path', 'Something')}/Resource{number}"
        described[logical_id] = {"Type": resource["Type"], "Properties": resource.get("Properties", {})}
        paths[path] = [{"type": "aws:cdk:logicalId", "data": logical_id}]
    file = folder / f"{name}.template.json"
    file.write_text(json.dumps({"Resources": described}), encoding="utf-8")
    (folder / f"{name}.metadata.json").write_text(json.dumps(paths), encoding="utf-8")
    return Stack(id=name, name=name, target=f"aws://111122223333/{region}", template_file=file)
