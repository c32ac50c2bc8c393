from collections.abc import Iterator

from alees_secrets import VersionStage
from alees_secrets.flights import Flights
from tests.unit.alees_secrets.cached import Cached

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


def test_one_request_is_made_when_another_read_ends_between_the_look_and_the_claim(cached: Cached) -> None:
    email = ("email/credentials", VersionStage.CURRENT)

    def between() -> Iterator[tuple[str, VersionStage]]:
        cached.manager.get_secret(email[0])
        yield from ()

    kept = cached.manager._cache.read(email, also=between())
    assert kept is cached.manager._cache.kept[email[1]][email[0]]
    assert cached.source.calls == [((email[0],), email[1])]
    assert cached.manager._cache._flights._flying == {}
