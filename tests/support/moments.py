"""The moment at which the tests of licences and displays stand."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
