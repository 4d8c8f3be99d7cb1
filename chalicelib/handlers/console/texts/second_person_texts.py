"""What a page says of the modes in which acts wait for a second person: the name of each, and what it does."""

from collections.abc import Mapping
from typing import Final

Text = tuple[str, str]

MODES: Final[Mapping[str, tuple[Text, Text]]] = {
    "people": (
        ("有第二人时复核", "Where there is a second person"),
        (
            "机构内另有具备相应职责的人员时，由其中一人复核；用密钥提出的操作直接办理。",
            "An act of a person waits where the organisation has another with that duty; keys act at once.",
        ),
    ),
    "all": (
        ("一律复核", "Always"),
        (
            "用密钥提出的操作也须由人员复核；只有一人的机构，该人的操作直接办理。",
            "Acts of keys wait for a person as well; where an organisation has one person, its acts are done at once.",
        ),
    ),
    "off": (
        ("不复核", "Never"),
        ("所有操作由一人即可办理。", "Every act is done by a person or a key alone."),
    ),
}
