"""Whether a row of a government list is about a natural person: such rows are left out.

Natural persons are not merchants here, and their names are personal (市场监管总局令第45号, article 6). Whatever the
columns are called, what identifies the row decides: the code of a register makes it one about an organisation or a
sole trader (92); a personal document, valid, mistyped or masked, and the type 自然人 make it one about a person. A
penalty with neither is a person's unless its name ends as an organisation's does; the register's lists have no persons.
"""

from collections.abc import Mapping

from chalicelib.table_files.rules.natural_person import is_masked_number_of_person, names_an_organisation
from chalicelib.table_files.rules.row_identifiers import Fault
from chalicelib.table_files.rules.row_identity import identify
from chalicelib.values.cell_text import given
from chalicelib.values.identity_documents import resembles_resident_id
from chalicelib.values.organisation_codes import compact, is_valid_uscc
from chalicelib.values.personal_identifiers import is_valid_resident_id


def is_about_person(list_type: str, cells: Mapping[str, str] | None) -> bool:
    """A row of canonical cells is about a natural person."""
    if not cells:
        return False
    code = compact(cells.get("uscc", ""))
    if is_valid_uscc(code) and not is_valid_resident_id(code):
        return False
    identity = identify(cells, lambda _kind, _value: "")
    if isinstance(identity, Fault):
        return is_masked_number_of_person(identity.value) or resembles_resident_id(compact(identity.value))
    if identity.has_code or identity.says_person:
        return not identity.has_code
    name = given(cells.get("name", ""))
    return list_type == "penalties" and bool(name) and not names_an_organisation(name)
