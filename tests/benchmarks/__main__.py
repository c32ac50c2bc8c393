"""``make bench``: the client beside others, synthesis, the functions' packages and imports, and rotations."""

import json
import shutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import psycopg

from alees_secrets.kinds import JwtAlgorithm
from config.environment import CodePlatform
from constructs_lib.certificate_authority import read_certificates
from constructs_lib.function_package import CERTIFICATES, function_package
from tests.benchmarks.client import client
from tests.benchmarks.django_readers import django_readers
from tests.benchmarks.measuring import medians, process, show
from tests.fakes.postgres import running_server
from tests.fakes.rotations import new_rotations
from tests.unit.rotation_handlers.jwt.rotating import JwtRotations

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
        for file in sorted(Path(out).glob("AleesSecrets*.template.json")):
            resources = len(json.loads(file.read_text(encoding="utf-8"))["Resources"])
            show(f"resources of {file.name.split('.')[0]}", str(resources))
    show("synthesis of Prod / of an empty app", f"{found['prod'] / found['empty']:.2f}")
    show("synthesis of every environment / of an empty app", f"{found['every'] / found['empty']:.2f}")
    show("synthesis of Prod, s", f"{found['prod']:.1f}")


def packages() -> None:
    """Show the size of each function's package, and its import beside boto3's."""
    for kind, files in {
        "api_key": {},
        "database": {CERTIFICATES: read_certificates(None)},
        "email": {},
        "jwt": {},
    }.items():
        made = function_package(f"rotation_handlers/{kind}", platform=CodePlatform.LAMBDA, files=files)
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(shutil.make_archive(str(Path(folder) / "package"), "zip", made))
            show(f"package of the {kind} function, MB zipped", f"{archive.stat().st_size / 1e6:.1f}")
        show(f"package of the {kind} function, MB", f"{sum(f.stat().st_size for f in made.rglob('*')) / 1e6:.1f}")
        local = function_package(f"rotation_handlers/{kind}", platform=CodePlatform.THIS_MACHINE, files=files)
        found = medians(
            5,
            nothing=process("pass", path=local),
            boto3=process("import boto3", path=local),
            function=process(f"import rotation_handlers.{kind}.handler", path=local),
        )
        boto3, function = found["boto3"] - found["nothing"], found["function"] - found["nothing"]
        show(f"import of the {kind} function / of boto3 alone", f"{function / boto3:.2f}")
        show(f"import of the {kind} function, ms", f"{function * 1000:.0f}")


def database_rotation(logins: int) -> None:
    """Compare a rotation in one process with the three logins that it needs, and count its calls.

    Args:
        logins: 2 that alternate, or 1 whose password is replaced.
    """
    strategy = "alternating" if logins > 1 else "single-login"
    with running_server() as server, new_rotations(server) as rotations:
        rotations.settings = replace(rotations.settings, logins=rotations.settings.logins[:logins])
        rotations.rotate()
        rotations.rotate()
        rotations.store.calls.clear()
        before = server.connections_authorized(rotations.settings.name)
        rotations.rotate()
        connections = server.connections_authorized(rotations.settings.name) - before
        show(f"Secrets Manager calls of a rotation, {strategy}", str(rotations.store.calls.total()))
        show(f"database connections of a rotation, {strategy}", str(connections))

        def three_logins() -> None:
            for _ in range(3):
                rotations.login(rotations.store.current()).close()

        found = medians(15, logins=three_logins, rotation=rotations.rotate)
    show(f"a rotation in process / three logins, {strategy}", f"{found['rotation'] / found['logins']:.2f}")
    show(f"a rotation in process, {strategy}, ms", f"{found['rotation'] * 1000:.0f}")


def single_login_window() -> None:
    """Show how many logins with AWSCURRENT are refused while the only login is rotated over and over."""
    with running_server() as server, new_rotations(server) as rotations:
        rotations.settings = replace(rotations.settings, logins=rotations.settings.logins[:1])
        rotations.rotate()
        over, refused, attempts = threading.Event(), 0, 0

        def rotate() -> None:
            for _ in range(50):
                rotations.rotate()
            over.set()

        rotating = threading.Thread(target=rotate)
        rotating.start()
        while not over.is_set():
            attempts += 1
            try:
                rotations.login(rotations.store.current()).close()
            except psycopg.OperationalError:
                refused += 1
        rotating.join()
    show("logins refused during 50 single-login rotations", f"{refused} of {attempts}")


def jwt_rotation() -> None:
    """Show a rotation of the JWT secret, and count its calls."""
    rotations = JwtRotations(JwtAlgorithm.HS512)
    rotations.rotate()
    rotations.store.calls.clear()
    rotations.rotate()
    show("Secrets Manager calls of a rotation, jwt", str(rotations.store.calls.total()))
    show("a rotation in process, jwt, ms", f"{medians(15, rotation=rotations.rotate)['rotation'] * 1000:.1f}")


if __name__ == "__main__":
    show("medians of one run", "")
    client()
    synthesis()
    packages()
    database_rotation(2)
    database_rotation(1)
    single_login_window()
    django_readers()
    jwt_rotation()
