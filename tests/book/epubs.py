"""Opens an EPUB as a reader of e-books does: what does not open is an AssertionError."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def opened(path: Path) -> dict[str, ElementTree.Element]:
    """The book's pages in reading order, by their names in the archive.

    All that the package file lists is there, all pages are well-formed, and every image and every
    link within the book leads to something.
    """
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/epub+zip"
        container = ElementTree.fromstring(archive.read("META-INF/container.xml"))
        (root,) = container.iter(f"{CONTAINER}rootfile")
        opf = root.attrib["full-path"]
        package = ElementTree.fromstring(archive.read(opf))
        folder = posixpath.dirname(opf)
        listed = {
            item.attrib["id"]: posixpath.normpath(
                posixpath.join(folder, unquote(item.attrib["href"]))
            )
            for item in package.iter(f"{OPF}item")
        }
        names = set(archive.namelist())
        assert set(listed.values()) <= names, set(listed.values()) - names
        assert len(set(listed.values())) == len(listed)
        pages = {
            listed[one.attrib["idref"]]: ElementTree.fromstring(
                archive.read(listed[one.attrib["idref"]])
            )
            for one in package.iter(f"{OPF}itemref")
        }
    anchors = {
        name: {one.attrib["id"] for one in page.iter() if "id" in one.attrib}
        for name, page in pages.items()
    }
    for name, page in pages.items():
        for target in _targets(page):
            address, anchor = urldefrag(target)
            if ":" in address:
                continue
            place = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address)))
            place = place if address else name
            assert place in set(listed.values()), f"{name}: {target}"
            assert not anchor or place not in anchors or anchor in anchors[place], target
    return pages


def _targets(page: ElementTree.Element) -> list[str]:
    links = [one.attrib["href"] for one in page.iter(f"{XHTML}a") if "href" in one.attrib]
    return links + [one.attrib["src"] for one in page.iter(f"{XHTML}img")]
