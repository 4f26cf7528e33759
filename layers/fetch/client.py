"""Asking a publisher's server: politely, through proxies and mirrors, tried again, and never beyond reason.

What can go wrong between a publisher and here is worth another try, or a message. A server's answer is what its status
means, and a body that is whole or an error.
"""

from __future__ import annotations

import random
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib import metadata
from typing import Self, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.utils import select_proxy

from layers.catalogue import WEB, mirrored
from layers.errors import LayerError, visible


def program() -> str:
    """Name this program and its version, as a server's log should show it."""
    try:
        return f"notspot/{metadata.version('notspot')}"
    except metadata.PackageNotFoundError:  # run from a checkout
        return "notspot/unreleased"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a request is tried again, and how long it may take; times in seconds.

    The first three are the project's rule (design: connect 10, unreachable hosts given up within 60). The others are
    assumptions: six tries wait 31 seconds together, the usual `Retry-After` is under a minute, and under 1,000 bytes
    in a minute even a dial-up line has stopped.
    """

    connect: float = 10.0
    read: float = 30.0
    unreachable: float = 60.0
    tries: int = 6
    first_pause: float = 1.0
    longest_wait: float = 60.0
    slowest: tuple[int, float] = (1_000, 60.0)
    mirror: str | None = None
    agent: str = field(default_factory=program)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


FIRST_WORDS = 120
"""Characters of a page that a message shows (assumption: enough to recognise a log-in or maintenance page)."""
UNREACHED = "The publisher's server cannot be reached."
TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)


class FetchError(LayerError):
    """A publisher's file cannot be had, and asking again at once would not help."""


class TransientError(Exception):
    """A request that failed in a way that may pass.

    Parameters
    ----------
    reason
        What happened, in plain words.
    wait
        Seconds the server asks to wait; None when it does not say.
    unreached
        Nothing was heard from the server at all.
    least
        Seconds another try would take at least.
    """

    def __init__(self, reason: str, *, wait: float | None = None, unreached: bool = False, least: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait
        self.unreached = unreached
        self.least = least


def host_of(url: str) -> str:
    """Name the host of an address.

    >>> host_of("https://www.ofcom.org.uk/a?v=1")
    'www.ofcom.org.uk'
    """
    return urlsplit(url).hostname or url


def retries_exhausted(url: str, error: TransientError, *, tries: int, seconds: float) -> FetchError:
    """Word the end of patience with a server."""
    found = f"{error.reason} (tried {tries} times in {seconds:.0f} seconds)"
    if not error.unreached:
        return FetchError(
            "The publisher's server answers, but does not deliver the file.",
            file=url,
            expected="the whole file",
            found=found,
            next_step="wait some minutes and run the same command again; it goes on from what has arrived",
        )
    return FetchError(
        UNREACHED,
        file=url,
        expected=f"an answer from {host_of(url)}",
        found=found,
        next_step="check the internet connection; behind a proxy set HTTPS_PROXY, and where your network has its own "
        "certificates set REQUESTS_CA_BUNDLE to their file; then run the same command again",
    )


def gone_error(url: str, status: str, *, landing: str | None) -> FetchError:
    """Word an address that no longer leads to a file."""
    page = landing or f"the publisher's pages ({host_of(url)})"
    return FetchError(
        "The publisher has no file at this address.",
        file=url,
        expected="the file",
        found=status,
        next_step=f"a new release has likely taken its place: look at {page} and choose that release",
    )


def refusal_error(url: str, status: str, *, landing: str | None) -> FetchError:
    """Word an answer that is neither the file nor worth another try."""
    return FetchError(
        "The publisher's server refuses to send the file.",
        file=url,
        expected="the file",
        found=status,
        next_step=f"open {landing or url} in a browser to see what it says; a proxy or filter may stand between",
    )


def untrusted_certificate(url: str, said: str) -> FetchError:
    """Word a connection whose certificate is not accepted, or certificates that cannot be read."""
    return FetchError(
        "The connection to the publisher is not safe: its certificate cannot be checked.",
        file=url,
        expected="a certificate that this computer trusts",
        found=visible(said)[:300],
        next_step="where your network checks traffic with its own certificates, set REQUESTS_CA_BUNDLE to a file (PEM) "
        "that exists and holds them; ask whoever runs the network",
    )


def impossible_request(url: str, said: str) -> FetchError:
    """Word a request that cannot even be put: a broken address, proxy or redirect."""
    return FetchError(
        "The address cannot be asked.",
        file=url,
        expected="an address, a proxy and redirects that a web request can follow",
        found=visible(said)[:300],
        next_step="check the address, and HTTP_PROXY, HTTPS_PROXY and ALL_PROXY in the environment",
    )


def wrong_content(url: str, *, expected: str, found: str) -> FetchError:
    """Word content that is not what the address promises."""
    return FetchError(
        "This is not the file that was asked for.",
        file=url,
        expected=expected,
        found=found,
        next_step="open the address in a browser to see what it says; a log-in, filter or maintenance page may stand "
        "before it; then run the same command again",
    )


def first_words(page: bytes) -> str:
    """Give the first words a reader would see of a web page.

    >>> first_words(b"<html><head><style>b{}</style><title>Sorry</title></head><body><h1>Down for repair</h1>")
    'Sorry Down for repair'
    """
    text = " ".join(TAGS.sub(" ", page.decode("utf-8", "replace")).split())
    return visible(text[:FIRST_WORDS])


def innermost(error: BaseException) -> str:
    """Give the last cause's own words; what wraps it repeats the address in technical terms."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    reason = error.args[-1] if error.args and isinstance(error.args[-1], str) else str(error)
    return reason or type(error).__name__


CHUNK = 256 * 1024
"""Bytes taken from the network at a time (assumption: quick, and small beside any file)."""
PASSING = {408, 425, 429, *range(500, 600)} - {501, 505}
"""Answers that may be other ones soon (RFC 9110; above 511 are those of content networks)."""


def response_body(response: requests.Response, *, policy: RetryPolicy) -> Iterator[bytes]:
    """Give a body as it arrives, and make sure that all of it has.

    Raises
    ------
    TransientError
        The connection broke, almost stopped, or closed before the length it had promised.
    """
    promised = response.headers.get("Content-Length", "")
    whole = int(promised) if promised.isdecimal() and "Content-Encoding" not in response.headers else None
    received, window, since = 0, 0, policy.clock()
    while True:
        try:
            # Not iter_content: it waits for a full chunk, however slowly the bytes drip in.
            chunk = response.raw.read1(CHUNK, decode_content=True)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            # read1 reports a short body as an error of its own; which one differs between versions.
            raise TransientError(f"the connection broke after {received:,} bytes: {innermost(error)}") from error
        if not chunk:
            break
        received, window = received + len(chunk), window + len(chunk)
        yield chunk
        least, seconds = policy.slowest
        if policy.clock() - since >= seconds:
            if window < least:
                raise TransientError(f"only {window:,} bytes arrived in {policy.clock() - since:.0f} seconds")
            window, since = 0, policy.clock()
    if whole is not None and received != whole:
        raise TransientError(f"cut short: {received:,} of {whole:,} bytes")


def retry_after(said: str | None, now: datetime) -> float | None:
    """Read how many seconds a server asks to wait, given in seconds or as a date.

    >>> from datetime import UTC
    >>> retry_after("7", datetime(2026, 1, 1, tzinfo=UTC))
    7.0
    >>> retry_after("Thu, 01 Jan 2026 00:00:09 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    9.0
    """
    if said is None or said.strip().isdecimal():
        return float(said) if said else None
    with suppress(ValueError, TypeError):
        return max((parsedate_to_datetime(said) - now).total_seconds(), 0.0)
    return None


def error_in_answer(response: requests.Response, url: str, landing: str | None, now: datetime) -> Exception | None:
    """Turn an answer without the file into what it means."""
    code = response.status_code
    status = f"{code} {response.reason or ''}".strip()
    if code in {200, 206, 304, 416}:
        return None
    if code in PASSING:
        return TransientError(f"the answer {status}", wait=retry_after(response.headers.get("Retry-After"), now))
    if code in {404, 410}:
        return gone_error(url, status, landing=landing)
    return refusal_error(url, status, landing=landing)


T = TypeVar("T")
HOPS = 10
"""Redirects that are followed (assumption: publishers use one or two)."""
PROGRESS = 64 * 1024
"""Bytes that count as getting on, so that patience starts anew (assumption)."""
SHORTEST = 5.0
"""Seconds below which another try is not worth it (assumption)."""
MOVED = {301, 302, 303, 307, 308}


class HttpClient:
    """One conversation with publishers' servers; proxies and certificates are those of the environment."""

    def __init__(self, policy: RetryPolicy, *, landing: str | None = None) -> None:
        self.policy = policy
        self.landing = landing
        self.session = requests.Session()
        self.session.headers["User-Agent"] = policy.agent
        self.session.auth = _anonymous  # or requests would send what a .netrc holds

    def __enter__(self) -> Self:
        """Begin the conversation."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is still open."""
        self.session.close()

    def retry(self, attempt: Callable[[float], T], *, url: str, arrived: Callable[[], int] = lambda: 0) -> T:
        """Try until it succeeds, with pauses that double, or patience ends.

        Parameters
        ----------
        attempt
            One try; given the seconds that are left to reach the server.
        url
            For the message.
        arrived
            How many bytes there are; patience starts anew whenever they have grown by `PROGRESS`.

        Raises
        ------
        FetchError
            When it is no use.
        """
        policy, failed, spent, furthest, begun = self.policy, 0, 0.0, arrived(), self.policy.clock()
        while True:
            started = policy.clock()
            try:
                return attempt(policy.unreachable - spent)
            except TransientError as error:
                if arrived() >= furthest + PROGRESS:
                    failed, spent, furthest = 0, 0.0, arrived()
                elif error.unreached:
                    spent += policy.clock() - started
                failed += 1
                pause = policy.first_pause * 2 ** (failed - 1) * (0.5 + policy.chance() / 2)
                hopeless = error.unreached and spent + pause + max(error.least, SHORTEST) > policy.unreachable
                if failed >= policy.tries or hopeless:
                    raise retries_exhausted(url, error, tries=failed, seconds=policy.clock() - begun) from error
                if error.wait is None:
                    spent += pause
                policy.sleep(pause if error.wait is None else min(max(error.wait, 0.0), policy.longest_wait))

    def request(
        self, url: str, *, left: float, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
    ) -> tuple[requests.Response, str]:
        """Put one question and follow where it leads; the body is not read yet.

        Returns
        -------
        tuple of (requests.Response, str)
            A status of 200, 206, 304 or 416, and the publisher's address that answered (not the mirror's).

        Raises
        ------
        TransientError
            When it may pass.
        FetchError
            When it will not.
        """
        place = url
        for _ in range(HOPS):
            actual = mirrored(place, self.policy.mirror)
            response = self._send(actual, left=left, headers=headers, form=form)
            target = self.session.get_redirect_target(response)
            if response.status_code not in MOVED or target is None:
                failure = error_in_answer(response, place, self.landing, self.policy.now())
                if failure is not None:
                    response.close()
                    raise failure
                return response, place
            response.close()
            place = _onward(place, actual, target)
            form = None if response.status_code == 303 else form  # noqa: PLR2004  # "see other": a new question
        raise impossible_request(url, f"more than {HOPS} redirects")

    def _send(
        self, url: str, *, left: float, headers: Mapping[str, str] | None, form: Mapping[str, str] | None
    ) -> requests.Response:
        started = self.policy.clock()
        try:
            timeout = (self._connect_seconds(url, left), min(self.policy.read, left))
            return self.session.request(
                "GET" if form is None else "POST",
                url,
                headers=headers,
                data=form,
                timeout=timeout,
                stream=True,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            if "CERTIFICATE" in str(error).upper() or "X509" in str(error):
                raise untrusted_certificate(url, innermost(error)) from error
            raise TransientError(innermost(error), unreached=True) from error
        except requests.exceptions.ProxyError as error:
            raise TransientError(f"the proxy does not answer or refuses: {innermost(error)}", unreached=True) from error
        except requests.exceptions.Timeout as error:
            seconds = self.policy.clock() - started
            raise TransientError(f"no answer within {seconds:.0f} seconds", unreached=True) from error
        except requests.exceptions.ConnectionError as error:
            raise TransientError(innermost(error), unreached=True) from error
        except socket.gaierror as error:
            least = self.policy.clock() - started
            raise TransientError(
                f"the host's name is not known: {error.strerror}", unreached=True, least=least
            ) from error
        except (requests.exceptions.RequestException, UnicodeError) as error:
            raise impossible_request(url, str(error)) from error
        except OSError as error:  # what requests raises for a bundle of certificates that is not there
            raise untrusted_certificate(url, str(error)) from error

    def _connect_seconds(self, url: str, left: float) -> float:
        """Share the time to connect among the host's addresses, each of which is tried in turn for that long."""
        proxy = select_proxy(url, dict(self.session.merge_environment_settings(url, {}, None, None, None)["proxies"]))
        parts = urlsplit(proxy if proxy is None or "://" in proxy else f"http://{proxy}") if proxy else urlsplit(url)
        count = len({entry[4][0] for entry in socket.getaddrinfo(parts.hostname or "", None)})
        return max(min(self.policy.connect, left) / max(count, 1), 1.0)


def _onward(place: str, actual: str, target: str) -> str:
    """Find the publisher's address a redirect leads to, whether the publisher or a mirror of it sent it."""
    of_mirror = actual != place and target.startswith(f"/{urlsplit(place).netloc}/")
    onward = urljoin(actual if of_mirror else place, target)
    if urlsplit(onward).scheme not in WEB or not urlsplit(onward).hostname:
        raise impossible_request(place, f"a redirect to {target}")
    if urlsplit(place).scheme == "https" and urlsplit(onward).scheme != "https" and actual == place:
        raise impossible_request(place, f"a redirect from a safe address to one that is not: {target}")
    return onward


def _anonymous(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
