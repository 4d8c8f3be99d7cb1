"""The basis of every reason is told in words, for nobody outside knows 令44 7."""

import doctest
import re

from chalicelib.merchant_record.rules import legal_basis
from chalicelib.registry.rules.reason_codes import REASONS


def test_the_module_does_what_its_docstring_says() -> None:
    result = doctest.testmod(legal_basis)
    assert (result.attempted > 0, result.failed) == (True, 0)


def test_every_basis_of_a_law_names_its_title_and_article() -> None:
    said = {code: legal_basis.in_words(reason.basis) for code, reason in REASONS.items()}
    shorthand = {code: text for code, text in said.items() if re.search(r"令\d|[法例]\d", text)}
    assert shorthand == {}
    with_articles = [code for code, reason in REASONS.items() if re.search(r"[法例]\s?\d|令\d+ \d", reason.basis)]
    assert len(with_articles) > 25
    assert [code for code in with_articles if not re.search(r"》第[\d、至]+条", said[code])] == []
