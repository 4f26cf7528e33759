"""The box in a real browser: suggestions as one types, keys, Enter, and the place they lead to."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
