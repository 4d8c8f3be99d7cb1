"""The declaration of one route: who is admitted, which parameters and which body are taken, what is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from chalicelib.accounts.quotas import FILES, MERCHANTS, ROWS
from chalicelib.accounts.roles import Role
from chalicelib.handlers.parameters import Parameter
from chalicelib.handlers.replies import HTML
from chalicelib.messages import ErrorCode


class Declared(TypedDict, total=False):
    """What a declaration may say beside path, method and operation id; each is a field of `Route`."""

    roles: tuple[Role, ...]
    session: bool
    signed: bool
    body: str
    longest_body: int
    content_types: tuple[str, ...]
    query: tuple[Parameter, ...]
    any_query: bool
    headers: tuple[Parameter, ...]
    returns: str
    status: int
    also: Mapping[int, str]
    media: tuple[str, ...]
    errors: tuple[ErrorCode, ...]
    conflicts: tuple[ErrorCode, ...]
    merchants: Callable[..., int]
    is_file: bool
    audited: bool | None
    second_person: Callable[..., str]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The declaration of one operation.

    `roles`: whose keys are admitted, () for the public. `session`: a merchant's session is needed in place of a key.
    `signed`: a public route for participants' machines, which needs a signature where those with `roles` do.
    `body`: the model of the body, as `module:Name` of the package `requests`, at most `longest_body` long;
    `content_types`: of a body that is no JSON. `query`, `headers`: the parameters; others of the query are refused,
    unless `any_query` (pages that people open by links which apps add to). `returns`: the model of the answer, as
    `module:Name` of the package `responses`, several joined by |, '' for none; `media`: further types of that answer.
    `also`: further statuses, each with a model, a media type or '' for no content. `errors`: its own error codes;
    `conflicts`: those that are 409 here and have another status elsewhere. `merchants`: how many merchants a body
    (if it has one) looks up, which count against the caller's quota; `is_file`: whether it brings a file of rows, or
    asks for a form to post one with, which counts against it too. `audited`: whether it is written into the audit log;
    by default what an account writes is. `second_person`: which duty of a second person a body (if it has one) takes,
    '' for none.
    """

    path: str
    method: str
    operation: str
    roles: tuple[Role, ...] = ()
    session: bool = False
    signed: bool = False
    body: str = ""
    longest_body: int = 0
    content_types: tuple[str, ...] = ("application/json",)
    query: tuple[Parameter, ...] = ()
    any_query: bool = False
    headers: tuple[Parameter, ...] = ()
    returns: str = ""
    status: int = 200
    also: Mapping[int, str] = field(default_factory=dict)
    media: tuple[str, ...] = ()
    errors: tuple[ErrorCode, ...] = ()
    conflicts: tuple[ErrorCode, ...] = ()
    merchants: Callable[..., int] | None = None
    is_file: bool = False
    audited: bool | None = None
    second_person: Callable[..., str] | None = None
    tags: tuple[str, ...] = ()

    @property
    def takes_body(self) -> bool:
        """Whether a request may have a body."""
        return self.method in ("POST", "PUT")

    @property
    def is_signed(self) -> bool:
        """Whether a gateway that asks for signatures of AWS accounts asks for one here: not of the public."""
        return bool(self.roles) or self.signed

    @property
    def is_audited(self) -> bool:
        """Whether each call of it is written into the audit log."""
        writes = bool(self.roles) and self.method not in ("GET", "HEAD")
        return writes if self.audited is None else self.audited

    @property
    def is_page(self) -> bool:
        """Whether people read it: its errors are pages too."""
        return HTML in self.media

    def units(self, body: tuple[Any, ...]) -> Mapping[str, int]:
        """What a request with this body (none, or one) takes beside itself; of rows only what is left is told."""
        if self.merchants:
            return {MERCHANTS: self.merchants(*body)}
        return {FILES: 1, ROWS: 0} if self.is_file else {}


def decides(*_body: Any) -> str:
    """The duty of the second person of an act of the regulator, or of a platform on its own listings."""
    return "decide"


def voids(body: Any) -> str:
    """The duty of the second person of a decision that voids a listing; '' for any other decision."""
    return "decide" if body.decision == "void" else ""


def administers(*_body: Any) -> str:
    """The duty of the second person of an act on accounts and keys."""
    return "administer"
