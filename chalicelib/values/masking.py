"""Personal values are shown masked: a name by its surname, numbers by their ends."""

import re
import unicodedata

from chalicelib.values.cell_text import tidy
from chalicelib.values.personal_identifiers import _MANY_DIGITS, _PERSONAL, _PLAIN, _masked

# Surnames of two characters (复姓) that are still borne; of any other Chinese name the first character is the surname.
_COMPOUND_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|司空|夏侯|宇文|长孙|轩辕|端木|独孤|南宫|西门"
    "|东郭|百里|呼延|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|鲜于|闾丘|司寇|赫连|拓跋|完颜|纳兰"
    "|万俟|闻人|歐陽|司馬|諸葛|東方|長孫|軒轅|獨孤|南宮|西門|東郭|鍾離|鮮于|納蘭|萬俟|聞人"
)
_BESIDE_A_NAME = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|【[^【】]*】?|〔[^〔〕]*〕?")
_ALREADY_MASKED = re.compile(r"[*＊某×✕●○]|\bX{2,}\b")


def shown_name(name: str) -> str:
    """The name of a person as others may see it: the surname and a star, 张*, 欧阳*, 古*, J*; '' for none.

    What stands in brackets is no part of the name; of a name whose beginning was masked nothing is shown.
    """
    plain = unicodedata.normalize("NFKC", tidy(name)) if name else ""
    if not plain:
        return ""
    bare = bare_name(plain) or plain
    hanzi = re.sub(r"[^\u3400-\u9fff\U00020000-\U0003ffff]", "", bare[:8])
    if len(hanzi) > 2 and _COMPOUND_SURNAME.match(bare):
        return f"{bare[:2]}*"
    return f"{bare[0].upper()}*" if bare[0].isalpha() and not _ALREADY_MASKED.match(bare) else "*"


def bare_name(name: str) -> str:
    """The name of a person without what stands in brackets beside it: 王示（个人）."""
    return _BESIDE_A_NAME.sub("", unicodedata.normalize("NFKC", name)).strip()


def is_masked(name: str) -> bool:
    """A name is one that was masked, so that it says nothing of who is meant: 张*, 李某."""
    return "*" in name or "＊" in name


def without_name(text: str, name: str) -> str:
    """The text with the full name of a person masked wherever it stands; short Latin names stay."""
    bare = bare_name(name)
    if len(bare) < 2 or (bare.isascii() and len(bare) < 5) or is_masked(bare):
        return text
    spaced = r"[\s·•・．]*".join(re.escape(char) for char in bare if not char.isspace() and char not in "·•・．.")
    return re.sub(spaced, shown_name(name), text, flags=re.IGNORECASE)


def mask_personal(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with resident IDs, bank cards and phones masked, and which of these it held.

    A number of the right shape is masked even if its check fails: a mistyped resident ID still identifies its holder.
    Credit codes and registration numbers stay.
    """
    if _MANY_DIGITS.search(text) is None:
        return text, ()
    kinds: list[str] = []
    plain = text.translate(_PLAIN)
    for kind, pattern, keep in _PERSONAL:
        pieces: list[str] = []
        end = 0
        for match in pattern.finditer(plain):
            number = re.sub("[^0-9Xx]", "", match.group(match.lastindex or 0))
            if not keep(number):
                kinds.append(kind)
                start = match.start(match.lastindex or 0)
                pieces += (text[end:start], _masked(kind, number))
                end = match.end()
        if pieces:
            text = "".join([*pieces, text[end:]])
            plain = text.translate(_PLAIN)
    return text, tuple(dict.fromkeys(kinds))
