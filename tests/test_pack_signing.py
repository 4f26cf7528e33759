"""A pack's signature: the same bytes as OpenSSH's, refused when anything was changed, trusted by the reader's list."""

from __future__ import annotations

import base64
import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from connectivity.evidence.signing import (
    NAMESPACE,
    check_signature,
    fingerprint_of,
    read_signers,
    signature_of,
)
from layers.errors import LayerError

CONTENT = '{"title":"Dorset’s pack"}'.encode()
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""Never used for anything but these tests."""
LINE = KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def key_file(folder: Path, key=KEY) -> Path:
    path = folder / "key"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    path.chmod(0o600)
    return path


def listed(folder: Path, *lines: str) -> Path:
    path = folder / "signers"
    path.write_text("# whom we trust\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def ssh_keygen(*words: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None:
        pytest.skip("no ssh-keygen here to compare with")
    return subprocess.run([program, *words], input=given, capture_output=True, check=False, timeout=30)


def test_it_is_the_signature_openssh_writes_byte_for_byte(tmp_path):
    key, signed = key_file(tmp_path), tmp_path / "provenance.json"
    signed.write_bytes(CONTENT)
    made = ssh_keygen("-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(signed))
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "provenance.json.sig").read_bytes() == signature_of(CONTENT, key=key)


def test_openssh_accepts_it_and_refuses_it_for_other_bytes(tmp_path):
    key, signers = key_file(tmp_path), listed(tmp_path, f"dorset {LINE}")
    signature = tmp_path / "provenance.json.sig"
    signature.write_bytes(signature_of(CONTENT, key=key))
    words = ("-Y", "verify", "-f", str(signers), "-I", "dorset", "-n", NAMESPACE, "-s", str(signature))
    assert ssh_keygen(*words, given=CONTENT).returncode == 0
    assert ssh_keygen(*words, given=CONTENT + b" ").returncode != 0


def test_a_key_on_the_list_is_trusted_by_its_name(tmp_path):
    signers = read_signers(listed(tmp_path, f'dorset@example.org namespaces="{NAMESPACE}" {LINE} the office'))
    found = check_signature(signature_of(CONTENT, key=key_file(tmp_path)), CONTENT, signers=signers)
    blob = base64.b64decode(LINE.split()[1])
    assert (found.valid, found.signer, found.key, found.why) == (True, "dorset@example.org", fingerprint_of(blob), "")


def test_a_key_is_not_trusted_because_the_pack_names_it(tmp_path):
    signature = signature_of(CONTENT, key=key_file(tmp_path))
    found = check_signature(signature, CONTENT)
    assert (found.valid, found.signer, found.why) == (True, "", "no list of keys was given")
    other = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    line = other.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    found = check_signature(signature, CONTENT, signers=read_signers(listed(tmp_path, f"hampshire {line}")))
    assert (found.valid, found.signer, found.why) == (True, "", "its key is not on your list")


@pytest.mark.parametrize("place", range(40, 300, 20))
def test_one_character_of_it_changed_is_refused(tmp_path, place):
    signature = bytearray(signature_of(CONTENT, key=key_file(tmp_path)))
    signature[place] = ord("A") if signature[place] != ord("A") else ord("B")
    assert not check_signature(bytes(signature), CONTENT, signers=read_signers(listed(tmp_path, f"d {LINE}"))).valid


def test_one_byte_of_what_was_signed_changed_is_refused(tmp_path):
    found = check_signature(signature_of(CONTENT, key=key_file(tmp_path)), CONTENT + b"\n")
    assert not found.valid
    assert "changed after it was signed" in found.why


@pytest.mark.parametrize("text", [b"", b"hello", b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"])
def test_what_is_no_signature_is_said(text):
    found = check_signature(text, CONTENT)
    assert (found.valid, found.key) == (False, "")
    assert "no SSH signature" in found.why


def test_a_signature_for_another_purpose_does_not_count(tmp_path):
    key, signed = key_file(tmp_path), tmp_path / "mail"
    signed.write_bytes(CONTENT)
    ssh_keygen("-Y", "sign", "-f", str(key), "-n", "file", str(signed))
    found = check_signature((tmp_path / "mail.sig").read_bytes(), CONTENT)
    assert not found.valid
    assert "“file”" in found.why


@pytest.mark.parametrize(
    ("options", "trusted"),
    [
        ('namespaces="git,notspot-*"', True),
        ('namespaces="git"', False),
        ('valid-after="20260101",valid-before="20261231"', True),
        ('valid-before="20260101Z"', False),
        ('valid-after="202612010000"', False),
    ],
)
def test_a_key_is_trusted_for_what_and_when_its_line_says(tmp_path, options, trusted):
    signers = read_signers(listed(tmp_path, f"dorset {options} {LINE}"))
    at = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
    found = check_signature(signature_of(CONTENT, key=key_file(tmp_path)), CONTENT, signers=signers, at=at)
    assert found.valid
    assert bool(found.signer) is trusted


@pytest.mark.parametrize("line", ["dorset", "dorset ssh-ed25519 AAAA", f"dorset cert-authority {LINE}", "<html>"])
def test_a_line_that_is_not_understood_is_named(tmp_path, line):
    with pytest.raises(LayerError, match="not understood") as raised:
        read_signers(listed(tmp_path, line))
    assert raised.value.parts["rows"] == "line 3"


def test_an_empty_or_missing_list_is_said(tmp_path):
    with pytest.raises(LayerError, match="list of signers is empty"):
        read_signers(listed(tmp_path))
    with pytest.raises(LayerError, match="cannot be read"):
        read_signers(tmp_path / "nowhere")


def test_a_key_behind_a_password_names_the_way_to_sign_with_it(tmp_path):
    assert ssh_keygen("-q", "-t", "ed25519", "-N", "secret", "-f", str(tmp_path / "locked")).returncode == 0
    with pytest.raises(LayerError, match="protected by a password") as raised:
        signature_of(CONTENT, key=tmp_path / "locked")
    assert "ssh-keygen -Y sign" in str(raised.value)


def test_a_key_of_another_type_is_refused_with_the_type_wanted(tmp_path):
    for other in (ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)):
        with pytest.raises(LayerError, match="another type") as raised:
            signature_of(CONTENT, key=key_file(tmp_path, other))
        assert "ssh-keygen -t ed25519" in str(raised.value)


def test_a_public_key_or_no_key_is_refused(tmp_path):
    path = tmp_path / "key.pub"
    path.write_text(LINE, encoding="ascii")
    with pytest.raises(LayerError, match="no key to sign with") as raised:
        signature_of(CONTENT, key=path)
    assert raised.value.parts["found"] == "a public key"
    with pytest.raises(LayerError, match="cannot be read"):
        signature_of(CONTENT, key=tmp_path / "nowhere")
    with pytest.raises(LayerError, match="cannot be read"):
        signature_of(CONTENT, key=tmp_path)
