from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from portal import health


def test_a_healthy_portal_says_ok_without_log_in(client, db):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_a_missing_migration_is_reported(client, db, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)  # as a process that has just started
    MigrationRecorder(connection).record_unapplied("axes", "0010_accessattemptexpiration")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["problem"] == "migrations"


def test_an_unreachable_database_is_reported_without_detail(client, db, monkeypatch):
    def broken(*_):
        raise DatabaseError("host=10.0.0.1 password=secret")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", broken)
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "failing", "problem": "database"}
