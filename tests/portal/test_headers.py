"""Every response carries the strict policy: pages, errors, redirects, static files."""

import pytest

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
PLACES = {
    "/login/": 200,
    "/help/": 200,
    "/healthz": 200,
    "/me/": 302,
    "/nowhere/": 404,
    "/fails/": 500,
    "/forbids/": 403,
    "/suspects/": 400,
    "/static/portal/css/base.css": 200,
    "/static/portal/js/survey.js": 200,
    "/static/nowhere.css": 404,
}


@pytest.fixture
def fetch(settings, client, db):
    settings.ROOT_URLCONF = "tests.portal.broken_urls"
    client.raise_request_exception = False
    return client.get


@pytest.mark.parametrize(("place", "status"), PLACES.items())
def test_every_response_carries_the_headers(fetch, place, status):
    response = fetch(place)
    assert response.status_code == status
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response.headers["Permissions-Policy"]
    assert "unsafe" not in str(response.headers)
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("place", [place for place in PLACES if not place.startswith("/static/")])
def test_pages_are_never_stored_or_framed(fetch, place):
    response = fetch(place)
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Frame-Options"] == "DENY"


def test_static_files_may_be_kept(fetch):
    assert "no-store" not in fetch("/static/portal/css/base.css").headers["Cache-Control"]


def test_a_foreign_host_is_refused(client, db):
    response = client.get("/login/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.text


def test_a_claimed_forwarded_host_or_address_is_ignored(client, db, rf):
    from portal.accounts import address

    request = rf.get("/login/", headers={"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example"})
    assert address(request) == "127.0.0.1"
    assert request.get_host() == "testserver"


def test_behind_the_proxy_the_last_address_counts(settings, rf):
    from portal.accounts import address

    settings.BEHIND_PROXY = True
    assert address(rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 10.1.2.3"})) == "10.1.2.3"
