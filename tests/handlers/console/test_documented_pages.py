"""The page table of console.md says who may open each page, as the table of pages does; buttons that it names exist."""

import os
import re
from pathlib import Path

from chalicelib.handlers.console.console_pages import PAGES
from chalicelib.handlers.console.page import EVERYONE, Page

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "console.md"
ROW = re.compile(r"^\| (`(?:GET|POST) /console[^|]*`) \| ([^|]*) \| (.*) \|$", re.MULTILINE)
NAMED = re.compile(r"`(GET|POST) (/console[^`]*)`")
ASSETS = "/console/assets/{name}"


def permitted(page: Page) -> str:
    """Whom a page is for: the kinds of organisation, then the duties, of which a person needs one."""
    roles = "all" if set(page.roles) == set(EVERYONE) else ", ".join(f"{role}s" for role in page.roles)
    return f"{roles}; {' or '.join(f'`{duty}`' for duty in page.duties)}" if page.duties else roles


def written(text: str) -> str:
    """The document with the second column as the pages are declared; rows of several pages are of one permission."""
    declared = {(page.method, page.path): permitted(page) for page in PAGES}

    def row(match: re.Match[str]) -> str:
        pages = [page for page in NAMED.findall(match[1]) if page[1] != ASSETS]
        if not pages:
            return match[0]
        groups: dict[str, list[str]] = {}
        for page in pages:
            groups.setdefault(declared[page], []).append(f"`{' '.join(page)}`")
        return "\n".join(f"| {', '.join(names)} | {whom} | {match[3]} |" for whom, names in groups.items())

    before, heading, section = text.partition("\n## Pages\n")
    table, following, rest = section.partition("\n## ")
    return before + heading + ROW.sub(row, table) + following + rest


def test_the_document_says_who_may_open_each_page() -> None:
    text = DOCUMENT.read_text("utf-8")
    if os.environ.get("UPDATE_DOCS"):
        DOCUMENT.write_text(written(text), "utf-8")
    assert DOCUMENT.read_text("utf-8") == written(text), (
        "UPDATE_DOCS=1 pytest tests/handlers/console/test_documented_pages.py"
    )
    table = text.partition("\n## Pages\n")[2].partition("\n## ")[0]
    documented = {page for row in ROW.findall(table) for page in NAMED.findall(row[0])}
    assert documented == {(page.method, page.path) for page in PAGES} | {("GET", ASSETS)}


def test_what_the_document_tells_people_to_press_is_on_a_page() -> None:
    steps = DOCUMENT.read_text("utf-8").partition("## What each duty does here")[2].partition("\n## ")[0]
    words = set(re.findall(r"\*\*([^*]+)\*\*", steps))
    console = ROOT / "chalicelib" / "handlers" / "console"
    texts = "".join(path.read_text("utf-8") for path in console.rglob("*") if path.suffix in (".html", ".py"))
    assert len(words) > 20
    assert {word for word in words if word not in texts} == set()
