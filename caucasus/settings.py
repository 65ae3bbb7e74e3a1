"""The settings, all in this file, read from the environment.

Each name that is read here is explained in docs/operations.md. A secret may also stand in a file: ``SECRET_KEY_FILE`` and
``DATABASE_URL_FILE`` name one. A value that cannot be understood (``DEBUG=maybe``) stops the start with a message.
Nothing here starts a server: caucasus/local.py does that for runs on one machine.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv, validate
from psycopg.conninfo import conninfo_to_dict

env = FileAwareEnv(strip_whitespace=True)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "caucasus.apps.SignInsConfig",
    "events.apps.EventsConfig",
]
MIDDLEWARE = [
    "caucasus.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before all that knows sessions or reads the database.
    "events.reading.copies.CopiesMiddleware",
    "caucasus.health.health_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "caucasus.second_factor.SecondFactorMiddleware",
    "events.editing.history.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last: what stands above it reads and writes sessions and accounts, which readers' requests may not see.
    "events.reading.role.reader_middleware",
]
ROOT_URLCONF = "caucasus.urls"
WSGI_APPLICATION = "caucasus.wsgi.application"
LOGIN_URL = "admin:login"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database. libpq's own parser takes every form of address that psql takes, sockets included.
# Without an address there is no database: commands that need none still work, and the web server refuses to start.
# A pool for the server, where each thread would otherwise open a connection for each request; none for commands.
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", 0)


def _database(setting: str, address: str, patience: int) -> dict[str, Any]:
    try:
        words: dict[str, Any] = dict(conninfo_to_dict(address))
    except psycopg.ProgrammingError:
        # Without the cause, which would write the password into a log.
        raise ImproperlyConfigured(
            f"{setting} is not an address of PostgreSQL. Right would be postgresql://archive:secret@localhost:5432/archive"
        ) from None
    known: dict[str, Any] = {
        name: words.pop(name.lower(), "") for name in ("USER", "PASSWORD", "HOST", "PORT")
    }
    name = words.pop("dbname", "")
    options: dict[str, Any] = dict(words)
    if DATABASE_POOL_SIZE > 0:
        options["pool"] = {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": patience}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        **known,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASE_URL = env.str("DATABASE_URL", "")
DATABASES: dict[str, dict[str, Any]] = {}
if DATABASE_URL:
    DATABASES["default"] = _database("DATABASE_URL", DATABASE_URL, patience=10)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Streaming replicas that answer strangers. One that does not answer is given up soon, since the primary can do the same.
REPLICAS: list[str] = []
_replicas: list[str] = env.list("REPLICA_URL", []) if DATABASE_URL else []
for _address in _replicas:
    REPLICAS.append(f"replica{len(REPLICAS) + 1}")
    DATABASES[REPLICAS[-1]] = _database("REPLICA_URL", _address, patience=1)
    DATABASES[REPLICAS[-1]]["OPTIONS"].setdefault("connect_timeout", 2)
REPLICA_MAX_LAG = env.int("REPLICA_MAX_LAG", 5, validate=validate.Range(min=1))
if REPLICAS:
    DATABASE_ROUTERS = ["events.reading.replicas.ReplicaRouter"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("events.reading.copies.CopiesMiddleware"),
        "events.reading.replicas.replica_middleware",
    )

# How long one query for a reader's page may take, in seconds; 0 for no limit.
READER_QUERY_SECONDS = env.int("READER_QUERY_SECONDS", 3, validate=validate.Range(min=0))

# Language and time. Dates of events are dates without a zone (events/dates/); instants are kept in UTC.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files. What editors upload is never served by its own address.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", VAR_DIR / "static")
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "caucasus.storage.HashedStaticFilesStorage"
    },
}

# Nobody but our own pages takes them.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# An article may be two million characters. The limit lies above that, so that a longer paste is answered by the form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000

# Lists and counts of facets are answered from memory (events/reading/facets/). Of so many of the answers, as a share, the database is asked
# too, and a difference is logged as an error.
FACETS_INDEX = env.bool("FACETS_INDEX", True)
FACETS_PROOF = env.float("FACETS_PROOF", 0, validate=validate.Range(min=0, max=1))

# Fetching sources. Hosts, or host:port, that may be asked although they are not on the public web.
FETCH_ALLOWED_HOSTS: list[str] = env.list("FETCH_ALLOWED_HOSTS", [])
# An address or e-mail that the servers we ask can write to; a part of the User-Agent, so in plain characters.
FETCH_CONTACT = env.str("FETCH_CONTACT", "", validate=validate.Regexp(r"^[!-~]*$"))

# The folder where the archive tells nginx that what it keeps holds no longer: events/reading/generation.py. Empty without nginx.
EDGE_DIR = env.str("EDGE_DIR", "")
HEALTH_PATH = "/healthz/"

# Security. HTTPS=false is for a machine of one's own; everything below follows from it.
HTTPS = env.bool("HTTPS", not DEBUG)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", HTTPS)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", True)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Load balancers and containers ask over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Our forms carry the token themselves, no script reads it.
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    # The prefix makes browsers refuse a cookie of that name from a neighbouring subdomain or over plain HTTP.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
# A working day.
SESSION_COOKIE_AGE = 12 * 3600
X_FRAME_OPTIONS = "DENY"
# Only behind a proxy that sets this header itself: a reader could otherwise claim HTTPS.
if env.bool("TRUST_FORWARDED_PROTO", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The shape and the name are those of Django 6, whose own middleware replaces ours when we move there.
_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    # Scripts ask the server for lists and suggestions.
    "connect-src": ["'self'"],
}
# htmx hands an answer to the browser's parser as text. The policy "default", which static/js/trust.js makes, lets just that through.
SECURE_CSP = {**_CSP, "require-trusted-types-for": ["'script'"], "trusted-types": ["default"]}
# The jQuery of the admin writes markup, which trusted types would forbid.
SECURE_CSP_ADMIN = _CSP
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Signing in. How many proxies stand between a client and the archive, each of which adds to X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0, validate=validate.Range(min=0))
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_HANDLER = "caucasus.throttling.SignIns"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Somebody who knocks while locked out does not have to wait longer for it.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "caucasus.throttling.name_tried"
AXES_CLIENT_IP_CALLABLE = "caucasus.throttling.client_address"
AXES_LOCKOUT_CALLABLE = "caucasus.throttling.answer_locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "password",
    "code",
    "old_password",
    "new_password1",
    "new_password2",
    "csrfmiddlewaretoken",
]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# An office behind one address may fail this often within the same time, whatever the names.
SIGN_IN_FAILURES_OF_AN_ADDRESS = 30

# A second factor: a code of a device. Off, it is asked only of those who have set up a device.
OTP_REQUIRED = env.bool("OTP_REQUIRED", HTTPS)
OTP_TOTP_ISSUER = "South Caucasus Diplomatic Archive"

LOG_LEVEL = env.str(
    "LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # What it has to say, caucasus/throttling.py says in one line.
        "axes": {"level": "ERROR"},
    },
}
