"""The mail server's certificate."""

import stat
from pathlib import Path

from local_cloud.mail.certificates import server_context, write_certificate


def test_the_key_is_its_owners_alone_and_everything_is_new_when_it_is_written_again(tmp_path: Path) -> None:
    folder, authority = tmp_path / "mail", tmp_path / "ca.pem"
    write_certificate(folder, authority)
    first = authority.read_bytes()

    write_certificate(folder, authority)

    assert authority.read_bytes() != first
    assert stat.S_IMODE((folder / "server.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(authority.stat().st_mode) == 0o644
    server_context(folder)
