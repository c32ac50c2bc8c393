import os

from alees_secrets import VersionStage, flights
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


def test_everything_is_forgotten_when_a_process_was_forked() -> None:
    made = Flights()
    made.claim([KEY])
    assert made.begin_background()
    made.lock.acquire()
    flights._forget()
    assert made.claim([KEY])[1] == []
    assert made.begin_background()


def test_parent_goes_on_when_a_process_was_forked() -> None:
    made = Flights()
    mine, _ = made.claim([KEY])
    if (child := os.fork()) == 0:
        os._exit(0 if made.claim([KEY])[1] == [] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert made.claim([KEY])[1] == [mine[KEY]]
