"""The fixtures of all tests stand in tests/support; tests/README.md tells how to choose among them."""

pytest_plugins = (
    "tests.support.session",
    "tests.support.memory",
    "tests.support.network",
    "tests.support.routes",
    "tests.support.databases",
    "tests.support.summary",
    "tests.support.smtp",
    "tests.support.opensmtpd",
    "tests.support.html",
    "tests.support.fixtures",
    "tests.support.browser",
    "tests.support.office",
)
