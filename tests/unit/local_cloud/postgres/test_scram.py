from local_cloud.postgres.scram import scram_verifier


def test_verifier_has_postgresqls_form_when_it_is_made() -> None:
    scheme, salted, keys = scram_verifier("local").split("$")
    assert (scheme, salted.split(":")[0], len(keys.split(":"))) == ("SCRAM-SHA-256", "4096", 2)


def test_verifiers_differ_when_the_password_is_the_same() -> None:
    assert scram_verifier("local") != scram_verifier("local")


def test_password_is_not_in_the_verifier_when_it_is_made() -> None:
    assert "canary" not in scram_verifier("canary")
