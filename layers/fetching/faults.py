"""What can go wrong between a publisher and here: worth another try, or a message."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from layers.errors import LayerError, visible

FIRST_WORDS = 120
"""Characters of a page that a message shows (assumption: enough to recognise a log-in or maintenance page)."""
UNREACHED = "The publisher's server cannot be reached."
TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)


class FetchError(LayerError):
    """A publisher's file cannot be had, and asking again at once would not help."""


class FalterError(Exception):
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


def gave_up(url: str, falter: FalterError, *, tries: int, seconds: float) -> FetchError:
    """Word the end of patience with a server."""
    found = f"{falter.reason} (tried {tries} times in {seconds:.0f} seconds)"
    if not falter.unreached:
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


def gone(url: str, status: str, *, landing: str | None) -> FetchError:
    """Word an address that no longer leads to a file."""
    page = landing or f"the publisher's pages ({host_of(url)})"
    return FetchError(
        "The publisher has no file at this address.",
        file=url,
        expected="the file",
        found=status,
        next_step=f"a new release has likely taken its place: look at {page} and choose that release",
    )


def refused(url: str, status: str, *, landing: str | None) -> FetchError:
    """Word an answer that is neither the file nor worth another try."""
    return FetchError(
        "The publisher's server refuses to send the file.",
        file=url,
        expected="the file",
        found=status,
        next_step=f"open {landing or url} in a browser to see what it says; a proxy or filter may stand between",
    )


def no_trust(url: str, said: str) -> FetchError:
    """Word a connection whose certificate is not accepted, or certificates that cannot be read."""
    return FetchError(
        "The connection to the publisher is not safe: its certificate cannot be checked.",
        file=url,
        expected="a certificate that this computer trusts",
        found=visible(said)[:300],
        next_step="where your network checks traffic with its own certificates, set REQUESTS_CA_BUNDLE to a file (PEM) "
        "that exists and holds them; ask whoever runs the network",
    )


def impossible(url: str, said: str) -> FetchError:
    """Word a request that cannot even be put: a broken address, proxy or redirect."""
    return FetchError(
        "The address cannot be asked.",
        file=url,
        expected="an address, a proxy and redirects that a web request can follow",
        found=visible(said)[:300],
        next_step="check the address, and HTTP_PROXY, HTTPS_PROXY and ALL_PROXY in the environment",
    )


def not_that_kind(url: str, *, expected: str, found: str) -> FetchError:
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
