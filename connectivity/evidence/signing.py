"""SSH signatures of a pack: the same bytes that `ssh-keygen -Y sign` writes, checked against keys a reader trusts.

A signature says who stands behind a pack; that nothing in it was changed by accident, its hashes say alone. Trust in a
key is the reader's own: it comes from a file of signers that the reader keeps, never from the pack.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import fnmatch
import hashlib
import re
import shlex
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import LayerError, visible
from layers.figures import Figure

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAMESPACE = "notspot-pack"
"""What a signature is for: one that a key made for mail or for code does not count for a pack."""
OPENSSH_CHECKS = f"ssh-keygen -Y verify -f SIGNERS -I NAME -n {NAMESPACE} -s provenance.json.sig < provenance.json"
"""How anyone checks a signature with OpenSSH 8.0 or later, which needs nothing of ours."""
ED25519 = "ssh-ed25519"
HASHES = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
FIRST_LINE, LAST_LINE = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
MAGIC, VERSION = b"SSHSIG", 1
WIDTH = 70
"""Characters of a line, as OpenSSH breaks them."""
LARGEST = Figure(1_000_000, "bytes", "no key, signature or list of signers is larger", "assumption: a key has 400")


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that a reader trusts.

    Attributes
    ----------
    name
        Whose it is: the principals of the line.
    key
        As it is on the wire.
    namespaces
        Patterns of what it may sign; none for everything.
    after, before
        Between which days it is trusted, where the line says so.
    """

    name: str
    key: bytes
    namespaces: tuple[str, ...] = ()
    after: dt.datetime | None = None
    before: dt.datetime | None = None

    def trusted(self, *, namespace: str, at: dt.datetime) -> bool:
        """Say whether the key may sign for this purpose at this time."""
        meant = not self.namespaces or any(fnmatch.fnmatchcase(namespace, one) for one in self.namespaces)
        return meant and (self.after is None or at >= self.after) and (self.before is None or at <= self.before)


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """What is known of a signature.

    Attributes
    ----------
    valid
        Whether it is of these bytes, by the key it names.
    key
        The key's fingerprint as OpenSSH prints it, “SHA256:…”; empty where the signature cannot be read.
    signer
        Whose key it is, by the reader's file; empty where it is not in it.
    why
        Why it is not valid or not trusted, in words; empty where it is both.
    """

    valid: bool
    key: str
    signer: str
    why: str


def signature_of(content: bytes, *, key: Path) -> bytes:
    """Return the signature of some bytes, as `ssh-keygen -Y sign -n notspot-pack` would write it.

    Parameters
    ----------
    content
        What is signed.
    key
        A private key of type Ed25519 in OpenSSH's format, not protected by a password.

    Raises
    ------
    LayerError
        When the key cannot be read, is protected, or is of another type.
    """
    private = _private_key(key)
    public = _key_blob(private.public_key().public_bytes_raw())
    signed = _text(ED25519.encode()) + _text(private.sign(_to_sign(content, namespace=NAMESPACE, digest="sha512")))
    parts = (public, NAMESPACE.encode(), b"", b"sha512", signed)
    packed = MAGIC + struct.pack(">I", VERSION) + b"".join(map(_text, parts))
    text = base64.b64encode(packed).decode()
    lines = [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)]
    return "\n".join((FIRST_LINE, *lines, LAST_LINE, "")).encode()


def _private_key(path: Path) -> Ed25519PrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # heavy; only where something is signed
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  # same
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key  # noqa: PLC0415  # same

    expected = "a private key of type Ed25519 in OpenSSH's format, as `ssh-keygen -t ed25519` writes it"
    make = "make one with: ssh-keygen -t ed25519 -N '' -f pack-key, and keep it where no one else can read it"
    content = _read(path, what="The key cannot be read.", expected=expected, next_step=make)
    try:
        private = load_ssh_private_key(content, password=None)
    except TypeError as error:
        raise LayerError(
            "The key is protected by a password, which this program does not ask for.",
            file=path,
            expected=expected + ", without a password",
            found="an encrypted key",
            next_step="pack without --sign-key, take provenance.json out of the zip, sign it with: "
            f"ssh-keygen -Y sign -f {shlex.quote(str(path))} -n {NAMESPACE} provenance.json, "
            "and put provenance.json.sig into the zip beside it",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        found = "a public key" if content.startswith((b"ssh-", b"ecdsa-")) else "none"
        raise LayerError(
            "This is no key to sign with.", file=path, expected=expected, found=found, next_step=make
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        found = f"a key of type {type(private).__name__.strip('_').removesuffix('PrivateKey')}"
        raise LayerError("The key is of another type.", file=path, expected=expected, found=found, next_step=make)
    return private


def check_signature(
    signature: bytes, content: bytes, *, signers: Sequence[Signer] = (), at: dt.datetime | None = None
) -> CheckedSignature:
    """Check a signature of some bytes, and whose key it is by the reader's list; never raises for what is in it.

    Parameters
    ----------
    signature, content
        As they lie in a pack.
    signers
        Keys the reader trusts.
    at
        When, for keys that are trusted for some time only; None for now.
    """
    parts = _parsed(signature)
    if parts is None:
        return CheckedSignature(valid=False, key="", signer="", why="it is no SSH signature, or a damaged one")
    public, namespace, digest, signed = parts
    print_of_key = fingerprint_of(public)
    if namespace != NAMESPACE:
        why = f"it was made for “{visible(namespace)}”, not for “{NAMESPACE}”"
        return CheckedSignature(valid=False, key=print_of_key, signer="", why=why)
    fault = _fault(public, signed, content, digest=digest)
    if fault:
        return CheckedSignature(valid=False, key=print_of_key, signer="", why=fault)
    ours = [one for one in signers if one.key == public]
    now = at or dt.datetime.now(dt.UTC)
    trusted = next((one for one in ours if one.trusted(namespace=namespace, at=now)), None)
    if trusted is not None:
        return CheckedSignature(valid=True, key=print_of_key, signer=trusted.name, why="")
    why = "the list trusts this key for another purpose or another time" if ours else "its key is not on your list"
    return CheckedSignature(
        valid=True, key=print_of_key, signer="", why=why if signers else "no list of keys was given"
    )


def fingerprint_of(key: bytes) -> str:
    """Return a public key's fingerprint as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def read_signers(path: Path) -> list[Signer]:
    """Read keys a reader trusts, in the format of OpenSSH's ``allowed_signers``.

    Raises
    ------
    LayerError
        When the file cannot be read or a line of it is not understood; it names the line.
    """
    expected = 'lines such as: council namespaces="notspot-pack" ssh-ed25519 AAAAC3…'
    next_step = "take the line from the page where whoever signs publishes it (docs/packs.md)"
    text = _read(path, what="The list of signers cannot be read.", expected=expected, next_step=next_step)
    found = []
    for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        signer = _signer(line.strip())
        if signer is None:
            raise LayerError(
                "A line of the list of signers is not understood.",
                file=path,
                rows=f"line {number}",
                expected=expected,
                found=line.strip()[:60],
                next_step=next_step,
            )
        found.append(signer)
    if not found:
        raise LayerError(
            "The list of signers is empty.", file=path, expected=expected, found="no key", next_step=next_step
        )
    return found


_LINE = re.compile(
    r"(?P<names>\"[^\"]+\"|[^\s\"]+)\s+(?:(?P<options>(?:[a-z-]+(?:=\"[^\"]*\")?,?)+)\s+)?"
    r"(?P<type>(?:ssh|ecdsa|sk)-[\w@.-]+)\s+(?P<key>[A-Za-z0-9+/]+=*)(?:\s.*)?"
)
_OPTION = re.compile(r"([a-z-]+)(?:=\"([^\"]*)\")?(?:,|$)")
_TIMES = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


def _signer(line: str) -> Signer | None:
    """Read one line; None where it is not understood, or trusts more than a single key."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    options = dict(_OPTION.findall(match["options"] or ""))
    if options.keys() - {"namespaces", "valid-after", "valid-before"}:
        return None
    try:
        key = base64.b64decode(match["key"], validate=True)
        after, before = (_time(options.get(name)) for name in ("valid-after", "valid-before"))
    except (binascii.Error, ValueError):
        return None
    if not key.startswith(_text(match["type"].encode())):
        return None
    spaces = tuple(one.strip() for one in options.get("namespaces", "").split(",") if one.strip())
    return Signer(match["names"].strip('"'), key, spaces, after, before)


def _time(text: str | None) -> dt.datetime | None:
    """Read a time of a list of signers; one without Z is taken for UTC, too, so that all machines agree."""
    if not text:
        return None
    plain = text.removesuffix("Z")
    if len(plain) not in _TIMES:
        raise ValueError(text)
    return dt.datetime.strptime(plain, _TIMES[len(plain)]).replace(tzinfo=dt.UTC)


def _parsed(signature: bytes) -> tuple[bytes, str, str, bytes] | None:
    """Take a signature apart: key, namespace, name of the hash, what was signed; None where it is none."""
    lines = signature[: int(LARGEST.value)].decode("ascii", "replace").split()
    text = " ".join(lines)
    if not (text.startswith(FIRST_LINE) and text.endswith(LAST_LINE)):
        return None
    try:
        packed = base64.b64decode(text.removeprefix(FIRST_LINE).removesuffix(LAST_LINE).replace(" ", ""), validate=True)
        if packed[: len(MAGIC)] != MAGIC or struct.unpack(">I", packed[6:10])[0] != VERSION:
            return None
        public, namespace, _reserved, digest, signed = _texts(packed[10:], count=5)
        return public, namespace.decode(), digest.decode(), signed
    except (binascii.Error, struct.error, UnicodeDecodeError, ValueError):
        return None


def _fault(public: bytes, signed: bytes, content: bytes, *, digest: str) -> str:
    """Say what is wrong with a signature; empty where it holds."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # heavy; only where something is checked
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  # same

    try:
        kind, raw = _texts(public, count=2) if public.startswith(_text(ED25519.encode())) else (b"", b"")
        by, value = _texts(signed, count=2)
    except ValueError:
        return "it is damaged"
    if kind.decode("ascii", "replace") != ED25519 or by != kind or digest not in HASHES:
        return f"this program checks keys of type Ed25519 alone; check it with: {OPENSSH_CHECKS}"
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(value, _to_sign(content, namespace=NAMESPACE, digest=digest))
    except (InvalidSignature, ValueError):
        return "it is not of these bytes: provenance.json was changed after it was signed, or the signature was"
    return ""


def _to_sign(content: bytes, *, namespace: str, digest: str) -> bytes:
    parts = (namespace.encode(), b"", digest.encode(), HASHES[digest](content).digest())
    return MAGIC + b"".join(map(_text, parts))


def _key_blob(raw: bytes) -> bytes:
    return _text(ED25519.encode()) + _text(raw)


def _text(content: bytes) -> bytes:
    """Write bytes behind their length, as SSH does."""
    return struct.pack(">I", len(content)) + content


def _texts(packed: bytes, *, count: int) -> list[bytes]:
    """Read so many of them, which must be all there is."""
    found, start = [], 0
    for _ in range(count):
        if start + 4 > len(packed):
            raise ValueError("cut short")
        (length,) = struct.unpack(">I", packed[start : start + 4])
        start += 4 + length
        if start > len(packed):
            raise ValueError("cut short")
        found.append(packed[start - length : start])
    if start != len(packed):
        raise ValueError("more than it says")
    return found


def _read(path: Path, *, what: str, expected: str, next_step: str) -> bytes:
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(int(LARGEST.value))
        found = "a folder" if path.is_dir() else "no such file"
    except OSError as error:
        found = error.strerror or str(error)
    raise LayerError(what, file=path, expected=expected, found=found, next_step=next_step)
