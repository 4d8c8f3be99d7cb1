"""Every door of the API in a line: method, path, what it does, the body that it takes, the status of success."""

from typing import Final

from chalicelib.handlers import models, notices_models

DOORS: Final = (
    ("get", "/health", "Whether the exchange is up", None, "200"),
    ("get", "/openapi.json", "This description", None, "200"),
    (
        "post",
        "/v1/platforms",
        "Admit a platform, regulator or operator (operator)",
        models.NewPlatform,
        "201",
    ),
    ("get", "/v1/platforms", "Who was admitted (operator, regulator)", None, "200"),
    ("get", "/v1/platforms/me", "Who this key belongs to", None, "200"),
    ("post", "/v1/platforms/{platform_id}/keys", "Issue or rotate a key (operator)", models.NewKey, "201"),
    ("delete", "/v1/platforms/{platform_id}/keys/{key_id}", "Revoke a key (operator)", None, "200"),
    ("post", "/v1/reports", "Report up to 1,000 evictions (platform)", models.Report, "202"),
    ("post", "/v1/reports/files", "Report a file of up to 5 MB (platform)", None, "202"),
    ("post", "/v1/reports/uploads", "A form to post up to 200 MB with (platform)", models.Upload, "202"),
    ("get", "/v1/reports/{report_id}", "How a report stands", None, "200"),
    ("get", "/v1/reports/{report_id}/rejections", "Rows rejected, and why", None, "200"),
    ("get", "/v1/reports/{report_id}/warnings", "Rows accepted with a remark", None, "200"),
    ("post", "/v1/lookups", "Look up one applicant", models.Lookup, "200"),
    ("post", "/v1/lookups/batch", "Look up to 100 applicants", models.Lookups, "200"),
    ("post", "/v1/lookups/{lookup_id}/decisions", "Tell a match apart (platform)", models.Decision, "200"),
    ("get", "/v1/methodology", "How matches are made and judged", None, "200"),
    ("get", "/v1/merchants/{uscc}", "What stands against exactly this merchant", None, "200"),
    (
        "post",
        "/v1/listings/{listing_id}/withdrawal",
        "Take one's listing back (platform)",
        models.Withdrawal,
        "200",
    ),
    ("get", "/v1/listings", "What ends within so many days", None, "200"),
    ("get", "/v1/corroboration", "Where platforms and government agree, and where not", None, "200"),
    ("get", "/v1/changes", "Every change after a cursor", None, "200"),
    ("get", "/v1/notices", "The caller's own notices after a cursor", None, "200"),
    (
        "post",
        "/v1/notices/acknowledgements",
        "Which of its own notices the caller has dealt with",
        notices_models.Acknowledgement,
        "200",
    ),
    ("post", "/v1/subscriptions", "Have notices pushed", notices_models.Subscription, "201"),
    ("get", "/v1/subscriptions", "Where notices are pushed to", None, "200"),
    ("delete", "/v1/subscriptions/{subscription_id}", "Push nothing more there", None, "200"),
    ("get", "/v1/tasks", "What this platform is asked to check or undo (platform)", None, "200"),
    ("post", "/v1/tasks/{task_id}/outcome", "What was done about a task (platform)", models.Outcome, "200"),
    ("get", "/v1/feeds", "How each government list stands", None, "200"),
    ("get", "/v1/feeds/{name}", "One government list, its way here and how it stands", None, "200"),
    ("put", "/v1/feeds/{name}", "Add or change a government list (operator)", models.FeedEntry, "200"),
    ("delete", "/v1/feeds/{name}", "Pull a list no more (operator)", None, "200"),
    ("post", "/v1/feeds/{name}/uploads", "A form to drop a file with (operator, regulator)", models.Upload, "201"),
    (
        "post",
        "/v1/feeds/{name}/holds/{hold_id}/release",
        "Apply what was held (operator, regulator)",
        models.HoldDecision,
        "200",
    ),
    (
        "post",
        "/v1/feeds/{name}/holds/{hold_id}/discard",
        "Throw away what was held (operator, regulator)",
        models.HoldDecision,
        "200",
    ),
    ("post", "/v1/licence-links/check", "Whether a display link is well formed", models.LicenceLink, "200"),
)
PUBLIC: Final = ("/health", "/openapi.json")
QUERIES: Final = {
    "/v1/reports/{report_id}/rejections": ("after", "limit", "format"),
    "/v1/reports/{report_id}/warnings": ("after", "limit"),
    "/v1/changes": ("after", "limit"),
    "/v1/listings": ("expiring_within", "after", "limit"),
    "/v1/corroboration": ("state", "platform", "after", "limit"),
    "/v1/notices": ("after", "limit", "state"),
    "/v1/tasks": ("after", "limit"),
}
HEADERS: Final = {
    "/v1/reports": ("Idempotency-Key",),
    "/v1/reports/files": ("X-File-Name", "Idempotency-Key"),
    "/v1/reports/uploads": ("Idempotency-Key",),
}
