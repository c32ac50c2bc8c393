"""Serve the local AWS: ``python -m local_cloud.launcher FILE_DESCRIPTOR MAIL_FILE_DESCRIPTOR MAIL_FOLDER``.

The descriptors are sockets bound to ports of 127.0.0.1, so that whoever starts this process knows the ports and nobody
can take them meanwhile. The folder holds the mail server's certificate. The environment (``environment.py``) configures
MiniStack, which reads it when it is imported.
SIGTERM and SIGINT end the server and every function's process.
"""

import asyncio
import signal
import sys
from pathlib import Path

from local_cloud.errors import LocalCloudError
from local_cloud.launcher.emulator import check_emulator, emulated
from local_cloud.launcher.gateway import Application, gateway
from local_cloud.launcher.install import install
from local_cloud.launcher.mail import serve_mail
from local_cloud.launcher.secretsmanager.invocation import retry_delays


async def _serve(application: Application, descriptor: int, mail_descriptor: int, mail_folder: Path) -> None:
    # Hypercorn is imported after MiniStack, which sets it up.
    from hypercorn.asyncio import serve  # noqa: PLC0415
    from hypercorn.config import Config  # noqa: PLC0415

    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.keep_alive_timeout = 75.0
    config.graceful_timeout = 1.0
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sent in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sent, stopping.set)
    mail = await serve_mail(mail_descriptor, mail_folder)
    try:
        await serve(application, config, shutdown_trigger=stopping.wait)
    finally:
        mail.close()


def main() -> None:
    """Check the emulator, put the missing behaviours in place and serve until a signal comes."""
    try:
        check_emulator()
        retry_delays()
    except LocalCloudError as error:
        sys.exit(str(error))
    install()
    try:
        asyncio.run(_serve(gateway(emulated("app", "app")), int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
    finally:
        emulated("core.lambda_runtime", "reset")()


if __name__ == "__main__":
    main()
