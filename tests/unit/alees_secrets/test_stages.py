from alees_secrets import VersionStage


def test_stages_are_the_labels_of_secrets_manager_when_sent() -> None:
    assert [f"{stage}" for stage in VersionStage] == ["AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"]
