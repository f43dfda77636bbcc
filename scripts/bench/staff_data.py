"""Invented data for the staff's pages, made by the database itself: a million rows in a minute.

Every organization has a number, its place; keys are made of it, so that no statement has to look
one up. Kinds, sizes and statuses are spread by remainders: a few rare ones, a few common ones, of
each at least fifty among the first thousand, so that small and large lists show as many rows. (All
APM Entities among these are in California, or too few would be found by state and kind.) Of a
million organizations 10,000 are APM Entities and 1,000 virtual groups. PostgreSQL only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.enums import Channel
from accounts.models import ChannelDevice, User
from accounts.policy.rights import StaffGroup
from accounts.sessions import times
from accounts.sessions.store import SessionStore
from accounts.staff.rights import put_into
from organizations.enums import OrganizationSize
from registrations.enums import Completion, Product
from registrations.models import Offering, PerformanceYear

YEAR = 2023
WINDOW = timedelta(days=60)

# {first} and {last}: places; {at}: a moment; {offering}: a key.
ORGANIZATIONS = """
INSERT INTO organizations_organization
    (id, kind, identifier, name, search_name, address1, address2, city, state, zip_code, created_at)
SELECT md5('organization ' || p)::uuid,
    CASE WHEN p <= 999 AND p % 20 = 0 OR p % 1000 = 0 THEN 'virtual_group'
         WHEN p <= 999 AND p % 20 = 1 OR p % 100 = 1 THEN 'apm_entity' ELSE 'group' END,
    lpad(p::text, 9, '0'),
    initcap(word) || ' Practice ' || p || ' Inc', word || ' practice ' || p || ' inc',
    '100 Example Street', '', 'Baltimore', state, '21239', '{at}'
FROM (SELECT p,
    (ARRAY['harbor', 'lakeside', 'meadow', 'northern', 'orchard', 'prairie', 'quiet', 'river',
           'summit', 'valley'])[1 + p / 7 % 10] AS word,
    CASE WHEN p <= 999 AND p % 20 = 1 THEN 'CA'
        ELSE (ARRAY['CA', 'CA', 'CA', 'TX', 'TX', 'NY', 'FL', 'MD', 'WA', 'GU'])[1 + p / 13 % 10]
    END AS state
    FROM generate_series({first}, {last}) AS p) AS made
"""
PARTICIPATIONS = """
INSERT INTO organizations_participation
    (organization_id, performance_year, approved, shared_savings_program, size)
SELECT md5('organization ' || p)::uuid, 2023, p % 1000 = 0, p % 100 = 1, '2-24'
FROM generate_series({first}, {last}) AS p
"""
PEOPLE = """
INSERT INTO accounts_user (id, password, is_superuser, user_id, first_name, last_name, email,
    is_active, is_staff, created_at, code_failures, phone)
SELECT md5('person ' || p)::uuid, '!', false, 'official.' || p || '.doe', 'Pat', 'Example' || p,
    'official.' || p || '@example.org', true, false, '{at}', 0, '202' || lpad(p::text, 7, '0')
FROM generate_series({first}, {last}) AS p
"""
ROLES = """
INSERT INTO accounts_role (id, name, granted_at, granted_by, organization_id, user_id)
SELECT md5('role ' || p)::uuid, 'security_official', '{at}', 'Benchmark',
    md5('organization ' || p)::uuid, md5('person ' || p)::uuid
FROM generate_series({first}, {last}) AS p
"""
NUMBERS = """
INSERT INTO registrations_registrationnumber (organization_id, number)
SELECT md5('organization ' || p)::uuid, 100000 + p FROM generate_series({first}, {last}) AS p
"""
REGISTRATIONS = """
INSERT INTO registrations_registration (id, size, name, address1, address2, city, state, zip_code,
    version, started_at, changed_at, changed_by, organization_id, year_id)
SELECT md5('registration ' || p)::uuid,
    CASE WHEN p % 20 = 0 THEN '100+' WHEN p % 10 < 7 THEN '2-24' ELSE '25-99' END,
    o.name, '', '', '', '', '', 1, '{at}', '{at}'::timestamptz - p % 86400 * interval '1 second',
    'Pat Example' || p, o.id, 2023
FROM generate_series({first}, {last}) AS p
JOIN organizations_organization o ON o.id = md5('organization ' || p)::uuid
"""
ENROLLMENTS = """
INSERT INTO registrations_enrollment
    (status, origin, completed_at, cancelled_at, completed_by_id, offering_id, registration_id)
SELECT status, CASE WHEN p % 20 = 7 THEN 'staff' ELSE 'official' END,
    CASE WHEN status = 'complete' THEN '{at}'::timestamptz END,
    CASE WHEN status = 'cancelled' THEN '{at}'::timestamptz END,
    CASE WHEN status = 'complete' THEN md5('person ' || p)::uuid END,
    '{offering}', md5('registration ' || p)::uuid
FROM (SELECT p, CASE WHEN p % 20 = 3 THEN 'cancelled' WHEN p % 5 = 4 THEN 'incomplete'
    ELSE 'complete' END AS status FROM generate_series({first}, {last}) AS p) AS made
"""
CONTACTS = """
INSERT INTO registrations_contact (id, first_name, last_name, email, phone, extension, position,
    changed_by, registration_id)
SELECT md5('contact ' || p || ' ' || n)::uuid, 'Daniel', 'Okafor' || p || 'son',
    'daniel.' || p || '.' || n || '@example.org', '2025550123', '', n, 'Pat Example' || p,
    md5('registration ' || p)::uuid
FROM generate_series({first}, {last}) AS p, generate_series(1, 2) AS n
"""
MESSAGES = """
INSERT INTO accounts_message (id, channel, "to", subject, body, dedupe_key, status, created_at,
    due_at, attempts, sent_at, last_error, organization_id, about)
SELECT md5('message ' || p)::uuid, 'email', 'daniel.' || p || '.1@example.org', 'Registered',
    'The organization is registered.', 'benchmark ' || p,
    CASE WHEN p % 20 = 0 THEN 'failed' ELSE 'sent' END,
    '{at}'::timestamptz - p * interval '1 second', '{at}', 1,
    CASE WHEN p % 20 = 0 THEN NULL ELSE '{at}'::timestamptz END, '',
    md5('organization ' || p)::uuid, md5('registration ' || p)::uuid
FROM generate_series({first}, {last}) AS p
"""
EVENTS = """
INSERT INTO accounts_auditevent (at, action, actor_kind, actor_id, actor_name, reason,
    organization_id, object_id, details, request_id, source_address, about)
SELECT '{at}'::timestamptz - n * interval '1 day',
    CASE WHEN p % 100 = 0 THEN 'registration.cancelled' WHEN p % 50 = 1 THEN 'code.refused'
         WHEN n = 1 THEN 'registration.confirmed'
         ELSE 'identity.proved' END,
    CASE WHEN p % 100 = 0 THEN 'staff' ELSE 'official' END,
    md5('person ' || p)::uuid::text, 'Pat Example' || p, '', md5('organization ' || p)::uuid::text,
    md5('registration ' || p)::uuid::text, '{{"offering": "CAHPS for MIPS Survey"}}', '', '',
    md5('registration ' || p)::uuid::text
FROM generate_series({first}, {last}) AS p, generate_series(1, 5) AS n ORDER BY n DESC, p
"""
REQUESTS = """
INSERT INTO accounts_rolerequest (id, kind, identifier, role, job_title, work_phone, note, asked_at,
    status, decided_at, decided_by_name, reason, organization_id, user_id)
SELECT md5('request ' || p)::uuid, 'group', '00' || lpad(p::text, 7, '0'), 'staff_user', 'Manager',
    '2025550123', '', '{at}', CASE WHEN p % 20 = 0 THEN 'pending' ELSE 'withdrawn' END,
    CASE WHEN p % 20 = 0 THEN NULL ELSE '{at}'::timestamptz END,
    CASE WHEN p % 20 = 0 THEN '' ELSE 'Pat Example' END, '',
    md5('organization ' || p)::uuid, md5('person ' || p)::uuid
FROM generate_series({first}, {last}) AS p WHERE p % 10 = 0
"""
SAMPLES = """
INSERT INTO registrations_samplingresult (enrollment_id, outcome, loaded_at, loaded_by)
SELECT id, CASE WHEN id % 50 = 0 THEN 'no_assigned_patients' ELSE 'eligible' END, '{at}',
    'Benchmark'
FROM registrations_enrollment e WHERE status = 'complete'
    AND NOT EXISTS (SELECT 1 FROM registrations_samplingresult s WHERE s.enrollment_id = e.id)
"""
OF_REGISTRATIONS = (
    *(PEOPLE, ROLES, NUMBERS, REGISTRATIONS, ENROLLMENTS, CONTACTS),
    *(MESSAGES, EVENTS, REQUESTS, SAMPLES),
)


@dataclass(frozen=True, kw_only=True)
class StaffWorld:
    """Who looks and at what: the cookie of an Administrator, and what the first organization has.

    The same rows are in the small and in the large database, under the same keys.
    """

    session: str
    offering: Offering
    organization_id: str
    registration_number: int
    registration_id: str
    enrollment_id: int
    user_id: str


def begin(at: datetime) -> None:
    """The year and its offering."""
    year = PerformanceYear.objects.create(year=YEAR, completion=Completion.AUTOMATIC)
    Offering.objects.create(
        year=year,
        product=Product.CAHPS,
        minimum_size=OrganizationSize.SMALL,
        opens_at=at - WINDOW,
        closes_at=at + WINDOW,
    )


def fill(*, first: int, organizations: int, registrations: int, at: datetime) -> None:
    """Store the organizations from that place on, and their registrations, up to these numbers."""
    offering = Offering.objects.get()
    for statements, last in (
        ((ORGANIZATIONS, PARTICIPATIONS), organizations),
        (OF_REGISTRATIONS, registrations),
    ):
        for statement in statements:
            with connection.cursor() as cursor:
                cursor.execute(
                    statement.format(
                        first=first, last=last, at=at.isoformat(), offering=offering.pk
                    )
                )


def look(at: datetime) -> StaffWorld:
    """The Administrator, signed in, and the rows that are looked at."""
    user = User.objects.create_user(
        "staff.bench", "staff@example.org", None, first_name="Casey", last_name="Moreau"
    )
    put_into(user, StaffGroup.ADMINISTRATOR)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, r.id, r.organization_id, n.number FROM registrations_enrollment e "
            "JOIN registrations_registration r ON r.id = e.registration_id "
            "JOIN registrations_registrationnumber n ON n.organization_id = r.organization_id "
            "ORDER BY e.id LIMIT 1"
        )
        enrollment, registration, organization, number = cursor.fetchone()
    return StaffWorld(
        session=_session(user, at),
        offering=Offering.objects.get(),
        organization_id=str(organization),
        registration_number=number,
        registration_id=str(registration),
        enrollment_id=enrollment,
        user_id="official.1.doe",
    )


def _session(user: User, at: datetime) -> str:
    """Signed in an hour from now, so that the proof that deeds ask for stays recent."""
    device = ChannelDevice.objects.create(
        user=user, name="Phone", channel=Channel.TEXT, address="2025550100", confirmed=True
    )
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    times.begin(session, signed_in_at=at + timedelta(hours=1))
    session.create()
    return str(session.session_key)
