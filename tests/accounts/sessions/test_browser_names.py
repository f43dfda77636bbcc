"""What a browser calls itself, in plain words."""

import pytest

from accounts.words.browser_names import browser_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36", "Chrome on Windows"),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X) {WEBKIT} Version/18 Safari/605",
            "Safari on Mac",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18) {WEBKIT} CriOS/140 Safari/604",
            "Chrome on iPhone",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} SamsungBrowser/28 Chrome/130 Safari/537",
            "Samsung Internet on Android",
        ),
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/140 Safari/537",
            "Chromium on Linux",
        ),
        (f"Mozilla/5.0 (X11; CrOS x86_64) {WEBKIT} Chrome/140 Safari/537", "Chrome on Chromebook"),
        ("SomethingElse/1.0 (Windows)", "A browser on Windows"),
        ("curl/8.5", "An unknown browser"),
        ("", "An unknown browser"),
        ("<script>alert(1)</script>", "An unknown browser"),
    ],
)
def test_browser_and_system(user_agent, name):
    assert browser_name(user_agent) == name
