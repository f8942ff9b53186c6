"""Settings, from the environment or ``.env``. Three ways to run, and a refusal of anything between them:

- ``DEMO=1``: a trial with public accounts on this machine, over plain http (what ``make run`` does);
- ``DEBUG=1``: development on this machine;
- neither: production. It asks for SECRET_KEY and ALLOWED_HOSTS and speaks https only.
"""

import sys
from datetime import timedelta
from pathlib import Path

import environ

from portal.insecure import refuse_insecure_start

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
TRIAL_KEY = "only-for-trying-out"

env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))

# ── How it runs ──
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
TRIAL = DEMO or DEBUG
SECRET_KEY = env.str("SECRET_KEY", default=TRIAL_KEY if TRIAL else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS if TRIAL else [])
HTTPS = env.bool("HTTPS", default=not TRIAL)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)  # one proxy before us sets X-Forwarded-Proto and -For
refuse_insecure_start(
    demo=DEMO,
    debug=DEBUG,
    https=HTTPS,
    secret_key=SECRET_KEY,
    trial_key=TRIAL_KEY,
    hosts=ALLOWED_HOSTS,
    local_hosts=LOCAL_HOSTS,
)

# ── Whose portal it is: printed at the foot of every page ──
HOST_UNIT = env.str("HOST_UNIT", default="珠海市人力资源和社会保障局")
SUPPORT = env.str("SUPPORT", default="技术支持 市劳动就业服务中心")
FILINGS = env.list("FILINGS", default=[])  # ICP 备案, 公安备案, 政府网站标识码, as printed

# ── Parts ──
INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "axes",
    "portal",
    "standards",
    "facilities",
    "assessments",
    "reports",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "portal.middleware.Headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.NoStore",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.middleware.NamesOfTheDay",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.NoPageHere",
    "portal.middleware.LoginRequired",
    "portal.middleware.PasswordAge",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,  # Django's admin
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.frame.frame",
            ],
        },
    }
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Database ──
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: Django's DEFERRED answers "database is locked" under load. FULL: what was acknowledged is on the disk.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
# A connection opened for every request costs SQLite a third of the time of a save: it reads the schema each time.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}

# ── Words and time ──
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# ── Log-in ──
AUTH_USER_MODEL = "facilities.Officer"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "facilities.backends.OfficerBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "last_name", "first_name", "email"]},
    },
]
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=0)  # 0: no forced change
FILING_REMINDER_DAYS = env.int("FILING_REMINDER_DAYS", default=30)  # 备案 (Z14): ours, the text gives no term
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=30) * 60
SESSION_LONGEST = timedelta(hours=12)
SESSION_RENEWED_AFTER = timedelta(minutes=1)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "portal.errors.locked_out"
AXES_CLIENT_IP_CALLABLE = "portal.accounts.address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# ── Mail: reminders go by mail too where a server is set; off by default ──
MAIL = bool(env.str("EMAIL_URL", default=""))
if MAIL:
    vars().update(env.email_url("EMAIL_URL"))  # smtp+tls://user:password@host:587
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="noreply@localhost")
PORTAL_URL = env.str("PORTAL_URL", default="")  # https://dabiao.example.gov.cn, for links in mails

# ── Browser's rules ──
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A whole survey is some 50 kB of text; ten times that is a mistake or an attack.
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILES_AT_ONCE = 100 * 1024 * 1024  # bytes of all files of a request: a form without scripts sends several photos
FILE_UPLOAD_HANDLERS = [
    "portal.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# ── Long work: a queue in the database, done by ``manage.py work`` ──
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# ── Files: static ones, and evidence, which no address serves: views do, through the gate ──
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "portal.uploads.Durable",
        "OPTIONS": {
            "location": DATA_DIR / "evidence",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# ── Log: one JSON object a line, on standard error ──
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}
