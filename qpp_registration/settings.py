"""The one settings file, read from the environment.

Three ways to run, chosen by DEBUG:

* not set: the demonstration. Secrets are made once and kept in VAR_DIR, messages to people are
  printed and written to VAR_DIR/messages.jsonl, plain http is allowed.
* on: the same, with tracebacks in the browser.
* off: production. Refuses to start without its secrets and names the missing ones.
"""

import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF

from qpp_registration.secrets import demonstration_secret, require

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
PRODUCTION = "DEBUG" in env and not DEBUG
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

if PRODUCTION:
    require(env, "SECRET_KEY", "CODE_KEY", "AUDIT_KEY", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL")

# The Django key signs cookies, links and forms; the others are those of one-time codes and of the
# seals of the audit.
SECRET_KEY = env.str("SECRET_KEY", default="") or demonstration_secret(VAR_DIR, "secret_key")
CODE_KEY = env.str("CODE_KEY", default="") or demonstration_secret(VAR_DIR, "code_key")
AUDIT_KEY = env.str("AUDIT_KEY", default="") or demonstration_secret(VAR_DIR, "audit_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
DEMONSTRATION = env.bool("DEMONSTRATION", default=not PRODUCTION)

INSTALLED_APPS = [
    "registrations",
    "accounts",
    "organizations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "qpp_registration.staff_config.StaffConfig",
    "django.contrib.staticfiles",
    "django.forms",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp_webauthn",
    "csp",
]

MIDDLEWARE = [
    "qpp_registration.middleware.ReceivedAt",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "qpp_registration.middleware.ClosedToOtherSites",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qpp_registration.middleware.PrivatePages",
    "qpp_registration.middleware.BodyLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.SignedIn",
    "accounts.middleware.SessionLimits",
    "accounts.middleware.SecondFactorRequired",
    "accounts.middleware.RefusedAccess",
    "django.contrib.messages.middleware.MessageMiddleware",
    "registrations.middleware.ViewAs",
]

ROOT_URLCONF = "qpp_registration.urls"
WSGI_APPLICATION = "qpp_registration.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "builtins": ["qpp_registration.template_tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registrations.frame.frame",
                "accounts.views.sessions.session_clock.session_left",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "qpp_registration.form_renderer.FormRenderer"

# --- Database -------------------------------------------------------------------------------
# How long a lock is waited for, and a statement may take: 0 is without an end, as commands need it;
# `wsgi` sets an end. Together with the time to connect no page keeps a person waiting longer than
# 21 seconds; then `unavailable` answers.
SQLITE_LOCK_SECONDS = env.float("LOCK_SECONDS", default=20)
POSTGRESQL_LOCK_SECONDS = env.float("LOCK_SECONDS", default=10)
STATEMENT_SECONDS = env.float("STATEMENT_SECONDS", default=0)
# SQLite: IMMEDIATE takes the write lock when a transaction begins, FULL survives a power loss.
# Write-ahead logging only where SQLite has the mend of its reset race (3.51.3).
SQLITE_JOURNAL = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": SQLITE_LOCK_SECONDS,
    "init_command": f"PRAGMA journal_mode={SQLITE_JOURNAL}; PRAGMA synchronous=FULL;",
}
# A statement that comes again is parsed and planned once for each connection. A server that is cut
# off is noticed: while connecting, and while a statement is on its way.
POSTGRESQL_OPTIONS = {
    "server_side_binding": True,
    "prepare_threshold": 2,
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 15_000,  # milliseconds
    "options": f"-c lock_timeout={POSTGRESQL_LOCK_SECONDS * 1000:.0f}"
    f" -c statement_timeout={STATEMENT_SECONDS * 1000:.0f}"
    " -c idle_in_transaction_session_timeout=60s",
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file, because browser tests reach the database from several threads.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"] = POSTGRESQL_OPTIONS
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Each of the server's threads keeps its connection from one request to the next.
DATABASES["default"]["CONN_MAX_AGE"] = 600  # seconds
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People, passwords, sessions ------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["accounts.people.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.people.password_validator.PasswordPolicy"}]

LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "front"

SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 60 * 60)
SESSION_ENGINE = "accounts.sessions.store"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.sessions.csrf.failure"

# A demonstration may run on plain http under any name; browsers then offer no passkeys, no more.
SILENCED_SYSTEM_CHECKS = [] if PRODUCTION else ["otp_webauthn.E031"]
# Wrong codes are counted by person, over all devices, not by device
# (see accounts.verification.codes).
OTP_TOTP_THROTTLE_FACTOR = 0
# Codes sent for one client address in 5 minutes; more where many people share an address.
CODES_PER_ADDRESS = env.int("CODES_PER_ADDRESS", default=25)
OTP_TOTP_ISSUER = "QPP Registration"
# Passkeys are bound to the site's name, and browsers know none for a numeric address.
PASSKEY_ORIGIN = env.str(
    "PASSKEY_ORIGIN", default=SITE_URL.replace("//127.0.0.1", "//localhost")
).rstrip("/")
OTP_WEBAUTHN_HELPER_CLASS = "accounts.verification.passkeys.Ceremony"
OTP_WEBAUTHN_RP_NAME = "QPP Registration"
OTP_WEBAUTHN_RP_ID = urlsplit(PASSKEY_ORIGIN).hostname or ""
OTP_WEBAUTHN_ALLOWED_ORIGINS = [PASSKEY_ORIGIN]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False

# --- Messages to people ---------------------------------------------------------------------
# One backend a channel; a channel without one is not offered.
DEMONSTRATION_CHANNEL = "accounts.channels.demonstration.DemonstrationChannel"
MESSAGE_CHANNELS = {
    "email": env.str(
        "EMAIL_CHANNEL",
        default=DEMONSTRATION_CHANNEL if DEMONSTRATION else "accounts.channels.smtp.SmtpChannel",
    ),
    "text": env.str("TEXT_CHANNEL", default=DEMONSTRATION_CHANNEL if DEMONSTRATION else ""),
    "voice": env.str("VOICE_CHANNEL", default=DEMONSTRATION_CHANNEL if DEMONSTRATION else ""),
}
# The gateway for texts and calls; it speaks the HTTP API of Twilio.
PHONE_GATEWAY = "accounts.channels.phone_gateway.PhoneGateway"
if PRODUCTION and PHONE_GATEWAY in MESSAGE_CHANNELS.values():
    require(env, "GATEWAY_ACCOUNT", "GATEWAY_TOKEN", "GATEWAY_NUMBER")
GATEWAY_URL = env.str("GATEWAY_URL", default="https://api.twilio.com").rstrip("/")
GATEWAY_ACCOUNT = env.str("GATEWAY_ACCOUNT", default="")
GATEWAY_TOKEN = env.str("GATEWAY_TOKEN", default="")
GATEWAY_NUMBER = env.str("GATEWAY_NUMBER", default="")  # like +12025550123
GATEWAY_CONNECT_SECONDS = env.float("GATEWAY_CONNECT_SECONDS", default=5)
GATEWAY_TOTAL_SECONDS = env.float("GATEWAY_TOTAL_SECONDS", default=10)
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT_SECONDS", default=10)
# How long a sender has a message to itself: longer than all steps of a mail take with time-outs.
MESSAGE_LEASE_SECONDS = env.float("MESSAGE_LEASE_SECONDS", default=300)
MESSAGE_BACK_OFF_SECONDS = env.float("MESSAGE_BACK_OFF_SECONDS", default=60)
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="QPP Registration <no-reply@example.org>"
)

# --- Transport and headers ------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
# See accounts.views.signing_in.known_browser.
BROWSER_COOKIE_NAME = "__Host-b" if PRODUCTION else "b"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies in front add to X-Forwarded-For; addresses before those anybody can invent.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes, files not counted
REQUEST_MAX_SIZE = 8_000_000  # bytes, with files: a registration sheet has up to 5 MB

# --- Language, time, static files -----------------------------------------------------------
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "America/New_York"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "qpp_registration.static_files.StaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING")
# A line for each request. The terminal of the demonstration is for people.
ACCESS_LOG = env.bool("ACCESS_LOG", default=PRODUCTION)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "qpp_registration.logging.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Without handlers of its own, so that nothing is written in another form, or mailed.
        "django": {"handlers": [], "level": LOG_LEVEL},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Statements hold what people typed.
        "django.db.backends": {"level": "INFO"},
        "qpp_registration.access": {"level": "INFO" if ACCESS_LOG else "WARNING"},
        # The head of the chain stands in the logs too, out of reach of who owns the database.
        "accounts.seals.sealing": {"level": "INFO"},
    },
}
