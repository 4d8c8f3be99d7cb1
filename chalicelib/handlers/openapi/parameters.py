"""What doors of the API take besides a body: parameters and headers by path; which need no key, which are no JSON."""

from typing import Final

# What a merchant opens by the session that its licence opened; our own keys say nothing there.
BY_LICENCE: Final = ("/v1/my-record", "/v1/my-record/sessions", "/v1/my-record/statement", "/v1/my-record/disputes")
FORMS: Final = ("/my-record/checks", "/my-record/statement", "/my-record/disputes", "/my-record/end")
PUBLIC: Final = (
    *BY_LICENCE,
    *FORMS,
    "/my-record",
    "/my-record/check",
    "/v1/my-record/checks",
    "/.well-known/jwks.json",
    "/health",
    "/openapi.json",
    "/licences/{display_id}",
    "/licences/{display_id}/mark.svg",
    "/licences/{display_id}/qr.svg",
    "/licences/{display_id}/data.json",
    "/v1/licence-checks/{check_id}/response",
)
# What answers with something else than JSON.
KINDS: Final = {
    **dict.fromkeys((*FORMS, "/my-record", "/my-record/check"), "text/html"),
    "/licences/{display_id}": "text/html",
    "/licences/{display_id}/mark.svg": "image/svg+xml",
    "/licences/{display_id}/qr.svg": "image/svg+xml",
}
QUERIES: Final = {
    "/v1/notices": ("after", "limit", "state"),
    "/v1/reports/{report_id}/rejections": ("after", "limit", "format"),
    "/v1/reports/{report_id}/warnings": ("after", "limit"),
    "/v1/rosters/files": ("mode",),
    "/v1/rosters/uploads": ("mode",),
    "/v1/rosters/{roster_id}/rejections": ("after", "limit", "format"),
    "/v1/rosters/{roster_id}/warnings": ("after", "limit"),
    "/v1/rosters/{roster_id}/results": ("after", "limit", "changed_since"),
    "/v1/changes": ("after", "limit"),
    "/v1/listings": ("expiring_within", "after", "limit"),
    "/v1/corroboration": ("state", "platform", "after", "limit"),
    "/v1/tasks": ("kind", "state", "after", "limit"),
    "/v1/statistics": ("days",),
    "/v1/restricted-entries": ("after", "limit", "format"),
    "/v1/displays": ("after", "limit"),
    "/v1/licences": ("due_within", "after", "limit"),
    "/v1/platforms/me/policy": ("version", "platform"),
    "/v1/policy-bounds": ("version",),
    "/v1/disputes": ("after", "limit", "state"),
}
HEADERS: Final = {
    "/v1/my-record/disputes": ("Idempotency-Key",),
    "/v1/disputes": ("Idempotency-Key",),
    "/v1/disputes/{dispute_id}/evidence": ("Idempotency-Key",),
    "/v1/reports": ("Idempotency-Key",),
    "/v1/reports/files": ("X-File-Name", "Idempotency-Key", "X-On-Behalf-Of", "X-Enforcement"),
    "/v1/reports/uploads": ("Idempotency-Key",),
    "/v1/rosters/files": ("X-File-Name", "Idempotency-Key"),
    "/v1/rosters/uploads": ("Idempotency-Key",),
    "/v1/tasks/outcomes/files": ("X-File-Name",),
}
