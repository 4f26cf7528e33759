"""What a reader sees before scrolling: few dotted terms."""

from __future__ import annotations

import pytest

from connectivity.views.contents import contents_entries

MOST = 2
"""Terms that the first view of a page opens: more of them hide the sentence."""
SEEN = """() => [...document.querySelectorAll(".ns-term")].filter(term => {
  const at = term.getBoundingClientRect();
  return term.checkVisibility({contentVisibilityAuto: true})
    && at.width && at.top < innerHeight && at.left < innerWidth;
}).map(term => term.textContent)"""


@pytest.mark.parametrize("address", [one.address for one in contents_entries()])
def test_the_first_view_of_a_page_opens_two_terms_at_most(visits, address):
    page = visits(viewport={"width": 1366, "height": 768}).open(f"/{address}").page
    page.wait_for_timeout(1000)
    assert len(page.evaluate(SEEN)) <= MOST
