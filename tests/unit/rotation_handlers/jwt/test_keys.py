"""Keys of each algorithm, as text and back."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from alees_secrets.kinds import HMAC_KEY_CHARACTERS, UNRESERVED, JwtAlgorithm
from rotation_handlers.errors import UnusablePendingError
from rotation_handlers.jwt.keys import PrivateKey, SigningKey, from_text, new_key, to_text, verification_key
from tests.fakes.canary import CANARY, exception_texts

Keys = dict[JwtAlgorithm, SigningKey]
PEM_ALGORITHMS = [algorithm for algorithm in JwtAlgorithm if algorithm not in HMAC_KEY_CHARACTERS]


def _private(key: SigningKey) -> PrivateKey:
    assert not isinstance(key, str)
    return key


def _pem(
    key: PrivateKey | ed448.Ed448PrivateKey,
    form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8,
    encryption: serialization.KeySerializationEncryption | None = None,
) -> str:
    written = key.private_bytes(serialization.Encoding.PEM, form, encryption or serialization.NoEncryption())
    return written.decode()


@pytest.mark.parametrize("algorithm", HMAC_KEY_CHARACTERS)
def test_characters_are_random_and_unreserved_when_the_key_is_for_hmac(algorithm: JwtAlgorithm) -> None:
    texts = [to_text(new_key(algorithm)) for _ in range(100)]

    assert {len(text) for text in texts} == {HMAC_KEY_CHARACTERS[algorithm]}
    assert len(set(texts)) == len(texts)
    assert set("".join(texts)) == set(UNRESERVED)


def test_type_and_size_are_those_of_the_algorithm_when_the_key_is_a_private_one(keys: Keys) -> None:
    rs256, es256, eddsa = (keys[algorithm] for algorithm in PEM_ALGORITHMS)

    assert isinstance(rs256, rsa.RSAPrivateKey)
    assert rs256.key_size == 3072
    assert isinstance(es256, ec.EllipticCurvePrivateKey)
    assert es256.curve.name == "secp256r1"
    assert isinstance(eddsa, ed25519.Ed25519PrivateKey)


@pytest.mark.parametrize("algorithm", PEM_ALGORITHMS)
def test_the_text_is_pkcs8_in_pem_when_the_key_is_a_private_one(keys: Keys, algorithm: JwtAlgorithm) -> None:
    text = to_text(keys[algorithm])

    assert text.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert text.endswith("-----END PRIVATE KEY-----\n")


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_the_key_is_the_same_when_it_is_read_again(keys: Keys, algorithm: JwtAlgorithm) -> None:
    text = to_text(keys[algorithm])

    assert to_text(from_text(algorithm, text)) == text


def test_the_key_is_read_when_it_is_of_the_smallest_size_allowed(other_keys: Keys) -> None:
    key = from_text(JwtAlgorithm.RS256, to_text(other_keys[JwtAlgorithm.RS256]))

    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048


@pytest.mark.parametrize("algorithm", PEM_ALGORITHMS)
def test_no_private_part_is_in_the_verification_key_when_the_key_is_a_private_one(
    keys: Keys, algorithm: JwtAlgorithm
) -> None:
    assert not hasattr(verification_key(keys[algorithm]), "private_bytes")


@pytest.mark.parametrize(
    ("algorithm", "other"),
    [(algorithm, other) for algorithm in PEM_ALGORITHMS for other in JwtAlgorithm if algorithm is not other],
)
def test_the_text_is_refused_when_it_is_another_algorithms(
    keys: Keys, algorithm: JwtAlgorithm, other: JwtAlgorithm
) -> None:
    with pytest.raises(UnusablePendingError, match=f"as unencrypted PKCS#8 in PEM, which {algorithm} needs"):
        from_text(algorithm, to_text(keys[other]))


@pytest.mark.parametrize("algorithm", HMAC_KEY_CHARACTERS)
@pytest.mark.parametrize("end", [" ", "\n", "=", "/", "\u00e9", "\ud800", "\x00"])
def test_the_text_is_refused_when_it_has_other_characters_than_hmac_keys(algorithm: JwtAlgorithm, end: str) -> None:
    with pytest.raises(UnusablePendingError, match=f"has characters that {algorithm} keys are not made of") as caught:
        from_text(algorithm, CANARY * 3 + end)

    assert CANARY not in "".join(exception_texts(caught.value))


@pytest.mark.parametrize("algorithm", HMAC_KEY_CHARACTERS)
def test_the_text_is_refused_when_an_hmac_key_is_a_pem(keys: Keys, algorithm: JwtAlgorithm) -> None:
    with pytest.raises(UnusablePendingError, match="allowed are letters, digits and -._~"):
        from_text(algorithm, to_text(keys[JwtAlgorithm.EDDSA]))


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        (JwtAlgorithm.RS256, rsa.generate_private_key(public_exponent=65537, key_size=1024)),  # noqa: S505 - to be refused
        (JwtAlgorithm.ES256, ec.generate_private_key(ec.SECP384R1())),
        (JwtAlgorithm.ES256, ec.generate_private_key(ec.SECP256K1())),
        (JwtAlgorithm.EDDSA, ed448.Ed448PrivateKey.generate()),
    ],
    ids=["RSA 1024", "P-384", "secp256k1", "Ed448"],
)
def test_the_text_is_refused_when_its_key_is_too_small_or_of_another_curve(
    algorithm: JwtAlgorithm, key: PrivateKey | ed448.Ed448PrivateKey
) -> None:
    with pytest.raises(UnusablePendingError, match="secret_key of the AWSPENDING value is not an? "):
        from_text(algorithm, _pem(key))


@pytest.mark.parametrize("algorithm", [JwtAlgorithm.RS256, JwtAlgorithm.ES256])
def test_the_text_is_refused_when_it_is_pem_of_another_format(keys: Keys, algorithm: JwtAlgorithm) -> None:
    with pytest.raises(UnusablePendingError, match="as unencrypted PKCS#8 in PEM"):
        from_text(algorithm, _pem(_private(keys[algorithm]), serialization.PrivateFormat.TraditionalOpenSSL))


@pytest.mark.parametrize("algorithm", PEM_ALGORITHMS)
def test_the_text_is_refused_when_it_is_encrypted(keys: Keys, algorithm: JwtAlgorithm) -> None:
    encryption = serialization.BestAvailableEncryption(b"local")

    with pytest.raises(UnusablePendingError, match="as unencrypted PKCS#8 in PEM"):
        from_text(algorithm, _pem(_private(keys[algorithm]), encryption=encryption))


@pytest.mark.parametrize("algorithm", PEM_ALGORITHMS)
def test_the_text_is_refused_when_it_is_the_public_key(keys: Keys, algorithm: JwtAlgorithm) -> None:
    public = _private(keys[algorithm]).public_key()
    text = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    with pytest.raises(UnusablePendingError, match="as unencrypted PKCS#8 in PEM"):
        from_text(algorithm, text)


@pytest.mark.parametrize("before", ["", CANARY])
@pytest.mark.parametrize("after", [CANARY, "\ud800"])
def test_nothing_of_the_text_is_told_when_more_than_a_key_is_in_it(keys: Keys, before: str, after: str) -> None:
    text = to_text(keys[JwtAlgorithm.EDDSA])

    with pytest.raises(UnusablePendingError) as caught:
        from_text(JwtAlgorithm.EDDSA, before + text + after)

    told = "".join(exception_texts(caught.value))
    assert CANARY not in told
    assert text.splitlines()[1] not in told
