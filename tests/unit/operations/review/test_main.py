import pytest

from operations.review.__main__ import show


@pytest.mark.parametrize(
    "line", ["[+] arn:${AWS::Partition}:secretsmanager:eu-central-1:111122223333:secret:alees/prod/*", "[-] [/red]"]
)
def test_line_is_printed_as_it_is_when_it_could_be_read_as_markup(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show(line)

    assert capsys.readouterr().out == f"{line}\n"
