"""Run a Django project's manage.py as ``python manage.py`` would, with an AWS in the same process.

``python in_moto.py COMMAND..`` in the project's folder. The AWS holds one secret, alees/prod/database/credentials; its
value is that of the environment variable STORED_VALUE.
"""

import os
import runpy
import sys

import boto3
from moto import mock_aws


def main() -> None:
    with mock_aws():
        client = boto3.session.Session().client("secretsmanager", region_name=os.environ["AWS_REGION"])
        client.create_secret(Name="alees/prod/database/credentials", SecretString=os.environ["STORED_VALUE"])
        sys.path[0] = os.getcwd()  # noqa: PTH109 - what Python itself puts there
        sys.argv[0] = "manage.py"
        runpy.run_path("manage.py", run_name="__main__")


if __name__ == "__main__":
    main()
