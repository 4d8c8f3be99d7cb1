"""The names of persons as they are digested, so that one person's name written in several ways is one value.

>>> person_key("阿卜杜拉·买买提") == person_key("阿卜杜拉－買買提") == person_key("阿卜杜拉 买买提（法人）")
True
>>> person_key("王先生"), person_key("张*")
('', '')
"""

from chalicelib.matching.character_variants import plain
from chalicelib.values.masking import bare_name
from chalicelib.values.personal_identifiers import compact_person


def person_key(text: str) -> str:
    """The name in simplified characters and capitals, without dots, spaces and what stands in brackets.

    '' for a name that is masked, and for what names nobody: 法人, 王先生.
    """
    bare = bare_name(text)
    return plain(bare).upper() if compact_person(bare) else ""


def person_keys(text: str) -> tuple[str, ...]:
    """The name as it is digested, and as it was until script and dots were folded, where that differs."""
    return tuple(dict.fromkeys(key for key in (person_key(text), compact_person(text)) if key))
