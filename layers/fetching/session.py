"""Asking a publisher's server: politely, through proxies and mirrors, patiently, and never beyond reason."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Self, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import select_proxy

from layers.fetching.address import WEB, mirrored
from layers.fetching.answers import fault
from layers.fetching.faults import FalterError, gave_up, impossible, innermost, no_trust
from layers.fetching.manner import Manner

T = TypeVar("T")
HOPS = 10
"""Redirects that are followed (assumption: publishers use one or two)."""
PROGRESS = 64 * 1024
"""Bytes that count as getting on, so that patience starts anew (assumption)."""
SHORTEST = 5.0
"""Seconds below which another try is not worth it (assumption)."""
MOVED = {301, 302, 303, 307, 308}


class Asker:
    """One conversation with publishers' servers; proxies and certificates are those of the environment."""

    def __init__(self, manner: Manner, *, landing: str | None = None) -> None:
        self.manner = manner
        self.landing = landing
        self.session = requests.Session()
        self.session.headers["User-Agent"] = manner.agent
        self.session.auth = _anonymous  # or requests would send what a .netrc holds

    def __enter__(self) -> Self:
        """Begin the conversation."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is still open."""
        self.session.close()

    def persevere(self, attempt: Callable[[float], T], *, url: str, arrived: Callable[[], int] = lambda: 0) -> T:
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
        manner, failed, spent, furthest, begun = self.manner, 0, 0.0, arrived(), self.manner.clock()
        while True:
            started = manner.clock()
            try:
                return attempt(manner.unreachable - spent)
            except FalterError as falter:
                if arrived() >= furthest + PROGRESS:
                    failed, spent, furthest = 0, 0.0, arrived()
                elif falter.unreached:
                    spent += manner.clock() - started
                failed += 1
                pause = manner.first_pause * 2 ** (failed - 1) * (0.5 + manner.chance() / 2)
                hopeless = falter.unreached and spent + pause + max(falter.least, SHORTEST) > manner.unreachable
                if failed >= manner.tries or hopeless:
                    raise gave_up(url, falter, tries=failed, seconds=manner.clock() - begun) from falter
                if falter.wait is None:
                    spent += pause
                manner.sleep(pause if falter.wait is None else min(max(falter.wait, 0.0), manner.longest_wait))

    def ask(
        self, url: str, *, left: float, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
    ) -> tuple[requests.Response, str]:
        """Put one question and follow where it leads; the body is not read yet.

        Returns
        -------
        tuple of (requests.Response, str)
            A status of 200, 206, 304 or 416, and the publisher's address that answered (not the mirror's).

        Raises
        ------
        FalterError
            When it may pass.
        FetchError
            When it will not.
        """
        place = url
        for _ in range(HOPS):
            actual = mirrored(place, self.manner.mirror)
            response = self._send(actual, left=left, headers=headers, form=form)
            target = self.session.get_redirect_target(response)
            if response.status_code not in MOVED or target is None:
                with_fault = fault(response, place, self.landing, self.manner.now())
                if with_fault is not None:
                    response.close()
                    raise with_fault
                return response, place
            response.close()
            place = _onward(place, actual, target)
            form = None if response.status_code == 303 else form  # noqa: PLR2004  # "see other": a new question
        raise impossible(url, f"more than {HOPS} redirects")

    def _send(
        self, url: str, *, left: float, headers: Mapping[str, str] | None, form: Mapping[str, str] | None
    ) -> requests.Response:
        started = self.manner.clock()
        try:
            timeout = (self._connect_seconds(url, left), min(self.manner.read, left))
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
                raise no_trust(url, innermost(error)) from error
            raise FalterError(innermost(error), unreached=True) from error
        except requests.exceptions.ProxyError as error:
            raise FalterError(f"the proxy does not answer or refuses: {innermost(error)}", unreached=True) from error
        except requests.exceptions.Timeout as error:
            seconds = self.manner.clock() - started
            raise FalterError(f"no answer within {seconds:.0f} seconds", unreached=True) from error
        except requests.exceptions.ConnectionError as error:
            raise FalterError(innermost(error), unreached=True) from error
        except socket.gaierror as error:
            least = self.manner.clock() - started
            raise FalterError(f"the host's name is not known: {error.strerror}", unreached=True, least=least) from error
        except (requests.exceptions.RequestException, UnicodeError) as error:
            raise impossible(url, str(error)) from error
        except OSError as error:  # what requests raises for a bundle of certificates that is not there
            raise no_trust(url, str(error)) from error

    def _connect_seconds(self, url: str, left: float) -> float:
        """Share the time to connect among the host's addresses, each of which is tried in turn for that long."""
        proxy = select_proxy(url, dict(self.session.merge_environment_settings(url, {}, None, None, None)["proxies"]))
        parts = urlsplit(proxy if proxy is None or "://" in proxy else f"http://{proxy}") if proxy else urlsplit(url)
        count = len({entry[4][0] for entry in socket.getaddrinfo(parts.hostname or "", None)})
        return max(min(self.manner.connect, left) / max(count, 1), 1.0)


def _onward(place: str, actual: str, target: str) -> str:
    """Find the publisher's address a redirect leads to, whether the publisher or a mirror of it sent it."""
    of_mirror = actual != place and target.startswith(f"/{urlsplit(place).netloc}/")
    onward = urljoin(actual if of_mirror else place, target)
    if urlsplit(onward).scheme not in WEB or not urlsplit(onward).hostname:
        raise impossible(place, f"a redirect to {target}")
    if urlsplit(place).scheme == "https" and urlsplit(onward).scheme != "https" and actual == place:
        raise impossible(place, f"a redirect from a safe address to one that is not: {target}")
    return onward


def _anonymous(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
