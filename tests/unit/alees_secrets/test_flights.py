from alees_secrets import VersionStage
from alees_secrets.flights import Flights

KEY = ("jwt/credentials", VersionStage.CURRENT)


def test_others_flight_is_returned_when_one_is_under_way() -> None:
    made = Flights()
    mine, _ = made.claim([KEY])
    assert made.claim([KEY]) == ({}, [mine[KEY]])


def test_key_is_free_again_when_its_flight_has_landed() -> None:
    made = Flights()
    mine, _ = made.claim([KEY])
    made.land(mine)
    mine[KEY].wait()
    assert list(made.claim([KEY])[0]) == [KEY]


def test_flight_is_overtaken_when_its_key_was_written() -> None:
    made = Flights()
    mine, _ = made.claim([KEY])
    with made.lock:
        made.overtake([KEY, ("email/credentials", VersionStage.CURRENT)])
    assert mine[KEY].overtaken
    assert made.claim([KEY])[1] == []


def test_flight_that_began_later_stays_on_record_when_the_one_that_was_overtaken_lands() -> None:
    made = Flights()
    overtaken, _ = made.claim([KEY])
    with made.lock:
        made.overtake([KEY])
    later, _ = made.claim([KEY])
    made.land(overtaken)
    assert made.claim([KEY])[1] == [later[KEY]]
