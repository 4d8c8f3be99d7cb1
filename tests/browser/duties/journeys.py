"""What each duty comes for, from the sign-in to what is done, for each kind of organisation.

Written once for a hand and a language: elements are named by what they are (name, action, address), and only what a
person must read is compared with the text of its language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from chalicelib.accounts.roles import Role
from chalicelib.handlers.console.page import EVERYONE
from chalicelib.people.duties import Duty
from tests.browser.console_site import CODES, NAMES, SIZES
from tests.browser.console_windows import WIDE, Windows
from tests.browser.duties.fresh_cases import NUMBERS, FreshCases
from tests.browser.duties.hands import Hand, Keyboard, Mouse

PATIENCE_MS: Final = 30_000


@dataclass(frozen=True, slots=True)
class Journey:
    """A person's way through the console: by which hand, in which language, with which cases to act upon."""

    hand: Hand
    language: str
    cases: FreshCases
    folder: Path

    def t(self, zh: str, en: str) -> str:
        """The text in the language of the journey."""
        return zh if self.language == "zh" else en

    def sign_in(self, role: str, *duties: Duty) -> None:
        """Sign in as a person with these duties alone, as the page that was asked for leads to; choose the language."""
        page, site = self.hand.page, self.cases.site
        page.context.clear_cookies()
        page.goto(f"{site.url}/console/today")
        assert "/console/sign-in" in page.url
        page.goto(site.sign_in_link(role, *duties))
        if page.locator("html").get_attribute("lang") != self.t("zh-CN", "en"):
            self.hand.press(".who a[hreflang]")
        assert page.locator("html").get_attribute("lang") == self.t("zh-CN", "en")

    def enter(self, entry: str) -> None:
        """Go to an entry of the navigation."""
        self.hand.press(f"nav.side a[href$='/{entry}'], nav.side a[href='{entry}']")

    def sees(self, zh: str, en: str, selector: str = "main") -> None:
        """Hold that the page says it, once what it waits for has come."""
        wanted = self.hand.page.locator(selector).filter(has_text=self.t(zh, en)).first
        wanted.wait_for(timeout=PATIENCE_MS)

    def look_again(self, zh: str, en: str) -> None:
        """Load the page again until it says what the exchange does behind it."""
        page = self.hand.page
        for _ in range(60):
            if self.t(zh, en) in page.inner_text("main"):
                return
            page.wait_for_timeout(250)
            page.reload()
        raise AssertionError(page.inner_text("main"))


def platform_reads(at: Journey) -> None:
    """May this applicant come in? And the record of having asked."""
    at.enter("search")
    at.hand.write("#q", CODES[0])
    at.hand.press(".ask button")
    at.sees("不得入驻", "Refuse", "#word")
    at.hand.press("section.sheet a[href*='lookups/']")
    at.sees("复制回执", "Copy receipt")


def regulator_reads(at: Journey) -> None:
    """Who has listed a merchant of that name, and why?"""
    at.enter("search")
    at.hand.press("main a[href$='merchants']")
    at.hand.write("#f-name", NAMES[0])
    at.hand.press(".ask button")
    at.hand.press("tbody a.main")
    at.hand.press("tbody a[href*='listings/']")
    at.sees(NAMES[0], NAMES[0])


def operator_reads(at: Journey) -> None:
    """How does the exchange stand, and one of its organisations?"""
    at.enter("operation")
    at.hand.press("main a[href$='operation/platforms']")
    at.hand.press("tbody a[href$='platforms/qingluan']")
    at.sees("青鸾示例商城", "青鸾示例商城", "h1")


def office_reports(at: Journey) -> None:
    """A file goes in, is checked, confirmed, and counted."""
    file = at.folder / "table.csv"
    file.write_text(at.cases.table(), "utf-8")
    at.enter("reports")
    if at.hand.page.locator("#filed_for").count():
        at.hand.choose("#filed_for", "@enforcement")
    at.hand.attach("#file", file)
    at.hand.press("form[action$='reports/drafts'] button")
    at.sees("可收", "accepted", "tbody")
    at.hand.press("form[action$='/report'] button:not(.second)")
    at.look_again("已完成", "done")


def operator_reports(at: Journey) -> None:
    """The second reader of a licence types off what its picture shows."""
    check = at.cases.uploaded_licence()
    at.enter("licences")
    at.hand.press("main a[href$='licences/reviews']")
    at.hand.press(f"tbody a[href$='{check}']")
    at.hand.write("input[name=name]", "杭州霁川示例食品有限公司")
    at.hand.tick("input[name=decision][value=not_genuine]")
    at.hand.press("form[action*='reviews/'] button")
    assert at.hand.page.locator(f"tbody a[href$='{check}']").count() == 0


def platform_decides(at: Journey) -> None:
    """The reporter stands by what it reported, to whoever disputes it."""
    dispute = at.cases.dispute()
    at.enter("disputes")
    at.hand.press(f"tbody a[href$='{dispute}']")
    at.hand.tick("input[name=stand][value=stand_by]")
    at.hand.write("form[action$='/answer'] textarea", "经复核，证据充分。")
    at.hand.press("form[action$='/answer'] button")
    at.look_again("维持报送", "stands by")


def regulator_decides(at: Journey) -> None:
    """A dispute is decided, once its consequences were seen."""
    dispute = at.cases.dispute()
    at.enter("disputes")
    at.hand.press(f"tbody a[href$='{dispute}']")
    at.hand.tick("input[name=decision][value=uphold]")
    at.hand.write("form[action$=preview] textarea[name=statement]", "证据充分，予以维持。")
    at.hand.press("form[action$=preview] button")
    assert at.hand.page.locator(".preview").is_visible()
    at.hand.press("form[action$=decision] button")
    at.look_again("裁定维持", "upheld")


def operator_decides(at: Journey) -> None:
    """A held list is released by two people, once it was seen what that changes."""
    name = at.cases.held_list()
    at.enter("operation")
    at.hand.press("main a[href$='operation/feeds']")
    at.hand.press(f"tbody a[href$='{name}']")
    at.hand.press(".note a[href*='lists/']")
    at.hand.press("form[action$=preview] button[value=release]")
    at.hand.write("#f-why", "已向来源机关核实。")
    at.hand.press("form[action$=release] button")
    at.sees("等待复核", "It waits", ".note")
    decision = at.hand.page.url.rpartition("/")[2]
    at.sign_in("operator")
    at.enter("people")
    at.hand.press("main a[href$='decisions']")
    at.hand.press(f"tbody a[href$='{decision}']")
    at.hand.press("form[action$=approval] button")
    at.sees("已办理", "Done", "h1")


def anyone_administers(at: Journey) -> None:
    """A new colleague gets a sign-in and a duty."""
    number = next(NUMBERS)
    name = f"欧阳示例{number}"
    at.enter("people")
    at.hand.press("main a[href*='people/new']")
    at.hand.write("input[name=name]", name)
    at.hand.write("input[name=email]", f"ouyang.{number}@example.com")
    at.hand.tick("input[name=duties][value=audit]")
    at.hand.press("form[action$='people/preview'] button")
    at.hand.press("main form[action$=people] button")
    at.sees(name, name)


def anyone_audits(at: Journey) -> None:
    """Who signed in, and when?"""
    at.enter("audit")
    at.hand.choose("select[name=action]", "signIn")
    at.hand.press("form.filters button")
    assert "action=signIn" in at.hand.page.url
    at.sees("登录", "ign in", "tbody")


JOURNEYS: Final[dict[tuple[Role, Duty], Callable[[Journey], None]]] = {
    (Role.PLATFORM, Duty.READ): platform_reads,
    (Role.PLATFORM, Duty.REPORT): office_reports,
    (Role.PLATFORM, Duty.DECIDE): platform_decides,
    (Role.REGULATOR, Duty.READ): regulator_reads,
    (Role.REGULATOR, Duty.REPORT): office_reports,
    (Role.REGULATOR, Duty.DECIDE): regulator_decides,
    (Role.OPERATOR, Duty.READ): operator_reads,
    (Role.OPERATOR, Duty.REPORT): operator_reports,
    (Role.OPERATOR, Duty.DECIDE): operator_decides,
    **{(role, Duty.ADMINISTER): anyone_administers for role in EVERYONE},
    **{(role, Duty.AUDIT): anyone_audits for role in EVERYONE},
}
# Two hands, two sizes, two languages.
WAYS: Final = list(product((Mouse, Keyboard), SIZES, ("zh", "en")))
# People who look after others or after the log need not read what the organisation knows.
ALONE: Final = (Duty.ADMINISTER, Duty.AUDIT)
# A journey of each duty, and of each hand, size and language more than one.
QUICK: Final = (
    (Role.PLATFORM, Duty.READ, Mouse, "phone", "en"),
    (Role.PLATFORM, Duty.REPORT, Keyboard, "computer", "zh"),
    (Role.REGULATOR, Duty.DECIDE, Mouse, "phone", "zh"),
    (Role.OPERATOR, Duty.ADMINISTER, Keyboard, "phone", "en"),
    (Role.REGULATOR, Duty.AUDIT, Mouse, "computer", "en"),
)
LONG: Final = tuple((*who, *way) for who, way in product(JOURNEYS, WAYS) if (*who, *way) not in QUICK)
HEADS: Final = ("role", "duty", "hand", "size", "language")


def do(windows: Windows, folder: Path, role: Role, duty: Duty, hand: type[Hand], size: str, language: str) -> None:
    """Do the journey of a duty as a person who has it and no other but to read, and hold that nothing was amiss."""
    page = windows.open_signed_out(size)
    journey = Journey(hand(page), language, FreshCases(windows.console), folder)
    journey.sign_in(role, *((duty,) if duty in (Duty.READ, *ALONE) else (Duty.READ, duty)))
    JOURNEYS[role, duty](journey)
    assert page.evaluate(WIDE) == []
    assert windows.complaints == []
