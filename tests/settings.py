"""Settings of the tests: the trial's, with a throw-away database, plain static files and a quick hasher."""

import atexit
import os
import shutil
import tempfile

os.environ |= {"DEMO": "1", "ENV_FILE": os.devnull}
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop beside the tests

from portal.settings import *  # noqa: F403
from portal.settings import DATABASES, MIDDLEWARE, STORAGES

folder = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: each thread of the live server has its own connection, as in earnest.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(folder, "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )

# Asks once a day and process, and would be counted with whichever page a test opens first. It has its own test.
MIDDLEWARE.remove("portal.middleware.NamesOfTheDay")
STORAGES["default"] = {
    "BACKEND": "portal.uploads.Durable",
    "OPTIONS": {"location": os.path.join(folder, "evidence")},
}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None  # type: ignore[assignment]  # whitenoise finds the files where they are
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
