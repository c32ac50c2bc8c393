"""``make bench``: synthesis, the function's package and import, and a rotation."""

import json
import shutil
import tempfile
from pathlib import Path

from config.environment import CodePlatform
from constructs_lib.certificate_authority import read_certificates
from constructs_lib.function_package import function_package
from tests.benchmarks.measuring import medians, process, show
from tests.fakes.postgres import running_server
from tests.fakes.rotations import new_rotations

EMPTY_APP = "import aws_cdk; app = aws_cdk.App(); aws_cdk.Stack(app, 'Empty'); app.synth()"
PROD_APP = "import runpy; runpy.run_path('app.py', run_name='__main__')"


def synthesis() -> None:
    """Compare the synthesis of Prod and of all environments with that of an app with one empty stack."""
    with tempfile.TemporaryDirectory() as out:
        quiet = {"CDK_OUTDIR": out, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
        prod = {**quiet, "CDK_CONTEXT_JSON": '{"environment": "Prod"}'}
        found = medians(
            3,
            empty=process(EMPTY_APP, environment=quiet),
            prod=process(PROD_APP, environment=prod),
            every=process(PROD_APP, environment=quiet),
        )
        for file in sorted(Path(out).glob("*Prod*.template.json")):
            resources = len(json.loads(file.read_text(encoding="utf-8"))["Resources"])
            show(f"resources of {file.name.split('.')[0]}", str(resources))
    show("synthesis of Prod / of an empty app", f"{found['prod'] / found['empty']:.2f}")
    show("synthesis of every environment / of an empty app", f"{found['every'] / found['empty']:.2f}")
    show("synthesis of Prod, s", f"{found['prod']:.1f}")


def package() -> None:
    """Show the size of the database function's package, and its import beside boto3's."""
    made = function_package("database", platform=CodePlatform.LAMBDA, certificates=read_certificates(None))
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(shutil.make_archive(str(Path(folder) / "package"), "zip", made))
        show("package of the database function, MB zipped", f"{archive.stat().st_size / 1e6:.1f}")
    show("package of the database function, MB", f"{sum(f.stat().st_size for f in made.rglob('*')) / 1e6:.1f}")
    local = function_package("database", platform=CodePlatform.THIS_MACHINE, certificates=read_certificates(None))
    found = medians(
        5,
        nothing=process("pass", path=local),
        boto3=process("import boto3", path=local),
        function=process("import rotation_handlers.database.handler", path=local),
    )
    boto3, function = found["boto3"] - found["nothing"], found["function"] - found["nothing"]
    show("import of the database function / of boto3 alone", f"{function / boto3:.2f}")
    show("import of the database function, ms", f"{function * 1000:.0f}")


def rotation() -> None:
    """Compare a rotation in one process with the three logins that it needs, and count its calls."""
    with running_server() as server, new_rotations(server) as rotations:
        rotations.rotate()
        rotations.rotate()
        rotations.store.calls.clear()
        before = server.connections_authorized(rotations.settings.name)
        rotations.rotate()
        show("Secrets Manager calls of a rotation", str(rotations.store.calls.total()))
        show("database connections of a rotation", str(server.connections_authorized(rotations.settings.name) - before))

        def three_logins() -> None:
            for _ in range(3):
                rotations.login(rotations.store.current()).close()

        found = medians(15, logins=three_logins, rotation=rotations.rotate)
    show("a rotation in process / three logins over TLS", f"{found['rotation'] / found['logins']:.2f}")
    show("a rotation in process, ms", f"{found['rotation'] * 1000:.0f}")


if __name__ == "__main__":
    show("medians of one run", "")
    synthesis()
    package()
    rotation()
