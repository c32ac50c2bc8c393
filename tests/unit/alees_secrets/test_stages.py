import pytest

from alees_secrets import ConfigurationError, VersionStage
from alees_secrets.stages import stage_of


def test_stages_are_the_labels_of_secrets_manager_when_sent() -> None:
    assert [f"{stage}" for stage in VersionStage] == ["AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"]


@pytest.mark.parametrize("stage", VersionStage)
def test_stage_is_found_when_its_text_is_given(stage: VersionStage) -> None:
    assert stage_of(str(stage)) is stage_of(stage) is stage


def test_allowed_stages_are_named_when_there_is_no_such_stage() -> None:
    with pytest.raises(ConfigurationError, match="stage is 'current'; allowed are AWSCURRENT, AWSPREVIOUS, AWSPENDING"):
        stage_of("current")
