from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.append(str(Path(__file__).parent))  # apps.py is shared by the tests of this folder

from apps import DRAWN

from benchmarks.serving import CHROMIUM, Running, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

REPOSITORY = Path(__file__).resolve().parents[2]
DEMO = REPOSITORY / "data" / "demo" / "study.toml"
OTHER = "Four councils then"
MAPS = ("/", "/service")
"""Pages that always have a map."""
PATIENCE = 15_000
"""Milliseconds for which what is expected of a page is waited for (assumption: a busy machine needs ten seconds)."""
WINDOW = {"width": 1440, "height": 1300}
USUAL = {"has_touch": False, "is_mobile": False}
"""What a browser is without being asked: whoever asks for it gets the same tabs as who does not."""
WISHES = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "no-preference"}
"""What a reader may ask of every page, and what a browser asks for whom nothing was set."""
FORGET = """try {
    if (!sessionStorage.getItem("visited")) localStorage.clear();
    sessionStorage.setItem("visited", "yes");
} catch { /* a document without an address of its own may keep nothing, so has nothing to forget */ }"""
"""Forgets, at the start of a visit, what an earlier one kept: a visit is a tab, and a tab begins without a session."""


@pytest.fixture(scope="session")
def build_folder(request: pytest.FixtureRequest) -> Path:
    """Take the build named by NOTSPOT_BUILD, or the embedded default."""
    if named := os.environ.get("NOTSPOT_BUILD"):
        return Path(named)
    if not DEMO.exists():
        pytest.skip(f"no embedded study at {DEMO}; set NOTSPOT_BUILD to a build")
    folder: Path = request.getfixturevalue("demo_build")
    return folder


@pytest.fixture(scope="session")
def builds_folder(build_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Put a second study into a folder of builds: four of the first one's councils, as lines measured in 2013."""
    from connectivity.outputs import read_build, write_outputs

    first = read_build(build_folder)
    areas = first.areas[first.areas["district_code"].isin(sorted(set(first.areas["district_code"]))[2:6])].copy()
    places = len(areas)
    for place, name in enumerate(("score", "score_remote", "score_digital")):
        areas[name] = [25 + 70 * ((7 * n + place) % places) / places for n in range(places)]
    kept = set(areas["district_code"])
    then = {"study": OTHER, "release": "June 2013", "unit": "lines", "basis": "measured sync speeds"}
    then |= {"fingerprint": "0123456789abcdef" * 4, "coverage_modelled": False, "counts_fwa": False}
    then["districts"] = tuple(one for one in first.manifest.districts if one.code in kept)
    manifest = first.manifest.model_copy(update=then)
    folder = tmp_path_factory.mktemp("builds")
    (folder / "then").mkdir()
    write_outputs(folder / "then", areas=areas, manifest=manifest)
    return folder


@pytest.fixture(scope="session")
def running(build_folder: Path, builds_folder: Path) -> Iterator[Running]:
    """Start the app on the embedded default, with another study beside it."""
    with started({"NOTSPOT_BUILD": str(build_folder), "NOTSPOT_BUILDS": str(builds_folder)}) as one:
        yield one


@pytest.fixture(scope="session")
def app(running: Running) -> str:
    """Give the address of the app."""
    return running.address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Chromium, or skip with the reason."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: see requirements-dev.txt")
    path = os.environ.get("NOTSPOT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium, or set NOTSPOT_CHROMIUM")
    api.expect.set_options(timeout=PATIENCE)
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


class Visit:
    """One reader's visit: the page, and what the browser asked for and complained of."""

    def __init__(self, page: Page, app: str) -> None:
        self.app = app
        self.page = page
        self.asked: list[str] = []
        self.failed: list[tuple[int, str]] = []
        self.complaints: list[str] = []
        self._listeners: dict[Any, Callable[[Any], None]] = {
            "request": lambda request: self.asked.append(request.url),
            "response": lambda answer: (
                self.failed.append((answer.status, answer.url)) if answer.status >= 400 else None
            ),
            "console": lambda said: self.complaints.append(said.text) if said.type == "error" else None,
            "pageerror": lambda error: self.complaints.append(str(error)),
        }
        for event, listener in self._listeners.items():
            page.on(event, listener)

    def end(self) -> None:
        """Stop listening."""
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)

    def open(self, path: str = "/") -> Visit:
        self.page.goto(self.app + path)
        self.page.locator(".ns-foot, .ns-note-error").first.wait_for(timeout=60_000)
        if path.split("?", maxsplit=1)[0] in MAPS or self.page.locator(".plate").count():
            self.page.locator(DRAWN).first.wait_for(timeout=30_000)
        return self

    @property
    def outside(self) -> list[str]:
        """Requests that left the machine."""
        ours = (self.app, self.app.replace("http", "ws"), "data:", "blob:")
        return [address for address in self.asked if not address.startswith(ours)]

    @property
    def broken(self) -> list[tuple[int, str]]:
        """Answers that failed, without Streamlit's own search for its health address below a page's path."""
        return [(status, url) for status, url in self.failed if "/_stcore/" not in url]


class Tabs:
    """The tabs of one browser, each used for many visits.

    A tab that has shown the app has fetched and compiled Streamlit's own script, which costs more than all the rest of
    a visit. It is given as a new one would be: no cookies, nothing kept by an earlier visit (see `FORGET`), an empty
    page, and the window and the wishes that were asked for.
    """

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._contexts: dict[str, BrowserContext] = {}
        self._free: dict[BrowserContext, list[Page]] = {}

    def take(self, **options: Any) -> Page:
        """Give a tab of a browser set up in some way."""
        size = options.pop("viewport", WINDOW)
        permissions = options.pop("permissions", [])
        wishes = WISHES | {name: options.pop(name) for name in WISHES if name in options}
        options = {name: option for name, option in options.items() if USUAL.get(name) != option}
        key = repr(sorted(options.items()))
        if key not in self._contexts:
            self._contexts[key] = self._chromium.new_context(viewport=size, **options)
            self._contexts[key].add_init_script(FORGET)
        context = self._contexts[key]
        context.clear_cookies()
        context.clear_permissions()
        context.grant_permissions(permissions)
        free = self._free.setdefault(context, [])
        page = free.pop() if free else context.new_page()
        page.set_viewport_size(size)
        page.emulate_media(media="null", **wishes)
        page.mouse.move(0, 0)
        page.bring_to_front()
        return page

    def give_back(self, page: Page, app: str) -> None:
        """Take a tab back from a visit to the app at an address; one that ended elsewhere is closed."""
        if page.url.split("?", maxsplit=1)[0].startswith(app):
            page.unroute_all()
            page.evaluate("sessionStorage.clear()")
            page.goto("about:blank")
            self._free[page.context].append(page)
        else:
            page.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Read axe's own script, or skip with the reason."""
    carrier = pytest.importorskip("axe_playwright_python", reason="axe is not installed: see requirements-dev.txt")
    return Path(carrier.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Tabs:
    return Tabs(chromium)


@pytest.fixture
def visits(tabs: Tabs, app: str) -> Iterator[Callable[..., Visit]]:
    """Make visits with a browser set up in some way, and end them all."""
    made: list[Visit] = []

    def make(**options: Any) -> Visit:
        made.append(Visit(tabs.take(**options), app))
        return made[-1]

    yield make
    for one in made:
        one.end()
        tabs.give_back(one.page, one.app)


@pytest.fixture
def visit(visits: Callable[..., Visit]) -> Visit:
    return visits()
