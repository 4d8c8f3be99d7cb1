"""What of the structure of a page a reader of screens would stumble over, as far as it is seen without a browser."""

from html.parser import HTMLParser

CONTROLS = ("input", "select", "textarea")


class _Structure(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.headings = 0
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.unlabelled: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self._labels_open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.headings += tag == "h1"
        self.ids += [given["id"]] if "id" in given else []
        if tag == "label":
            self._labels_open += 1
            self.labels.add(given.get("for", ""))
        if tag in CONTROLS and given.get("type") != "hidden" and not self._labels_open and "aria-label" not in given:
            self.unlabelled.append((given.get("id", ""), given.get("name", "")))
        if tag == "th" and "scope" not in given:
            self.faults.append("th without scope")
        if tag == "img" and "alt" not in given:
            self.faults.append("img without alt")

    def handle_endtag(self, tag: str) -> None:
        self._labels_open -= tag == "label"


def structure_faults(html: str) -> list[str]:
    """Ids that are given twice, fields without a label, table heads without a scope, other than one main heading."""
    read = _Structure()
    read.feed(html)
    faults = [*read.faults, *(f"id {each} twice" for each in {*read.ids} if read.ids.count(each) > 1)]
    faults += [f"{field} has no label" for ident, field in read.unlabelled if ident not in read.labels]
    return faults + ([f"{read.headings} headings"] if read.headings != 1 else [])
