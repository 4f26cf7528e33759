"""Ordnance Survey's downloads: a product's list of files, with the MD5 of each.

The list is an array of objects with `url`, `fileName`, `size` in bytes, `md5` in capitals, `format` and `area`
(OS Downloads API, as Ordnance Survey's own tutorials show it). The `url` answers with a redirect to the file.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from layers.fetching.documents import document, unlike
from layers.fetching.listing import Attachment
from layers.fetching.session import Asker

MD5 = re.compile("[0-9a-f]{32}")


def files_of(url: str, *, asker: Asker) -> list[Attachment]:
    """List the files of a product.

    Parameters
    ----------
    url
        `https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV`; a `redirect` in it, which
        would lead to the file itself, is left out.
    """
    parts = urlsplit(url)
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "redirect"]
    listing = urlunsplit(parts._replace(query=urlencode(asked)))
    answer = document(listing, asker=asker)
    if not isinstance(answer, list):
        raise unlike(listing, expected="a list of files", found=type(answer).__name__)
    found = []
    for entry in answer:
        if not isinstance(entry, dict) or not isinstance(entry.get("url"), str) or not entry.get("fileName"):
            raise unlike(listing, expected="files with an address (url) and a name (fileName)", found=str(entry)[:120])
        md5, size = str(entry.get("md5") or "").lower(), entry.get("size")
        found.append(
            Attachment(
                url=urljoin(listing, entry["url"]),
                file_name=str(entry["fileName"]),
                title=" ".join(str(entry.get(name) or "") for name in ("format", "area")).strip(),
                size=size if isinstance(size, int) else None,
                md5=md5 if MD5.fullmatch(md5) else None,
            )
        )
    return found
