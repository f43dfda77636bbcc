"""The staff's pages that are measured, small against large. A new one is one more line here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import md5
from urllib.parse import urlencode
from uuid import UUID

from bench.load import get, post
from bench.staff_data import YEAR, StaffWorld

REGISTRATIONS = "/staff/registrations/enrollment/"
BEGUN = "/staff/registrations/registration/"
ORGANIZATIONS = "/staff/organizations/organization/"
AUDIT = "/staff/accounts/auditevent/"
CALLERS = "/staff/callers/"
MESSAGES = "/staff/accounts/message/"
PERSON = UUID(md5(b"person 1", usedforsecurity=False).hexdigest())  # as in `staff_data`
CSRF = "b" * 32


@dataclass(frozen=True, kw_only=True)
class StaffPage:
    """A request as the Administrator's browser sends it, with what the answer has."""

    label: str
    request: Callable[[StaffWorld], bytes]
    status: int = 200
    expect: bytes = b"</html>"

    def is_answer(self, received: bytes) -> bool:
        """Whether this is what the page answers when everything works."""
        return received.startswith(b"HTTP/1.1 %d " % self.status) and self.expect in received


def reading(label: str, path: str, **query: object) -> StaffPage:
    """A page at an address, in which the names of `StaffWorld` may stand in braces."""
    address = f"{path}?{urlencode(query)}" if query else path

    def request(world: StaffWorld) -> bytes:
        return get(address.format_map(vars(world)), session=world.session)

    return StaffPage(label=label, request=request)


def sending(label: str, path: str, **fields: str) -> StaffPage:
    """A form that is sent to an address and shown again; braces in both as in `reading`."""

    def request(world: StaffWorld) -> bytes:
        told = {name: value.format_map(vars(world)) for name, value in fields.items()}
        body = urlencode({**told, "csrfmiddlewaretoken": CSRF}).encode()
        address = path.format_map(vars(world))
        return post(address, body, session=world.session, csrf=CSRF, token=CSRF)

    return StaffPage(label=label, request=request)


def looking_up(label: str, text: str, *, leads_to: str) -> StaffPage:
    """A caller of whom one page is found: of `people` or `organizations`."""
    found = f"Location: {CALLERS}{leads_to}/".encode()
    return replace(sending(label, CALLERS, text=text), status=302, expect=found)


def pages() -> Iterator[StaffPage]:
    """Everything that is measured, in the order of the report."""
    yield reading("registrations", REGISTRATIONS)
    yield reading("  page 20", REGISTRATIONS, p=20)
    yield reading("  oldest change first", REGISTRATIONS, o="8")
    yield reading("  of the year", REGISTRATIONS, year=YEAR)
    yield reading("  of an offering", REGISTRATIONS, product="cahps")
    yield reading("  virtual groups", REGISTRATIONS, kind="virtual_group")
    yield reading("  APM Entities", REGISTRATIONS, kind="apm_entity")
    yield reading("  of size 100 or greater", REGISTRATIONS, size="100+")
    yield reading("  not registered any more", REGISTRATIONS, status__exact="cancelled")
    yield reading("  incomplete", REGISTRATIONS, status__exact="incomplete")
    yield reading("  by CMS staff", REGISTRATIONS, origin__exact="staff")
    yield reading(
        "  all filters",
        REGISTRATIONS,
        year=YEAR,
        product="cahps",
        kind="group",
        size="25-99",
        status__exact="complete",
        origin__exact="official",
    )
    yield reading("  search: registration ID", f"{REGISTRATIONS}?q={{registration_number}}")
    yield reading("  search: common name", REGISTRATIONS, q="harbor")
    yield reading("  search: one name", REGISTRATIONS, q="quiet practice 118 inc")
    yield reading("  search: contact", REGISTRATIONS, q="okafor118son")
    yield reading("  search: first name of all", REGISTRATIONS, q="Daniel")
    yield reading("  search: nothing", REGISTRATIONS, q="zzz")
    yield reading("registration's page", f"{REGISTRATIONS}{{enrollment_id}}/change/")
    yield reading("begun, not registered", BEGUN)
    yield reading("  of an offering of the year", BEGUN, year=YEAR, product="cahps")
    yield reading("organizations", ORGANIZATIONS)
    yield reading("  virtual groups", ORGANIZATIONS, kind__exact="virtual_group")
    yield reading("  in a state", ORGANIZATIONS, state="GU")
    yield reading("  in a state, of a kind", ORGANIZATIONS, state="CA", kind__exact="apm_entity")
    yield reading("  search: common name", ORGANIZATIONS, q="harbor")
    yield reading("  search: one name", ORGANIZATIONS, q="quiet practice 118 inc")
    yield reading("  search: registration ID", f"{ORGANIZATIONS}?q={{registration_number}}")
    yield reading("organization's page", f"{ORGANIZATIONS}{{organization_id}}/change/")
    yield reading("audit", AUDIT)
    yield reading("  of an action", AUDIT, action="registration.cancelled")
    yield reading("  refused", AUDIT, outcome="refused")
    yield reading("  by CMS staff", AUDIT, actor_kind__exact="staff")
    yield reading("  of the last day", AUDIT, days="1")
    yield reading("  search: registration ID", f"{AUDIT}?q={{registration_number}}")
    yield reading("  search: user ID", f"{AUDIT}?q={{user_id}}")
    yield reading("sampling results", "/staff/registrations/samplingresult/")
    yield reading("  search", "/staff/registrations/samplingresult/", q="quiet practice 118 inc")
    yield reading("role requests", "/staff/accounts/rolerequest/")
    yield reading("  pending", "/staff/accounts/rolerequest/", status__exact="pending")
    yield reading("people", "/staff/accounts/user/")
    yield reading("  search", "/staff/accounts/user/", q="official.118.doe")
    yield reading("year's page", f"/staff/registrations/performanceyear/{YEAR}/change/")
    yield reading("dashboard", "/staff/")
    yield sending("look up a caller: end of a phone", CALLERS, text="0123")
    yield looking_up("  TIN", "00-0000118", leads_to="organizations")
    yield looking_up("  registration ID", "{registration_number}", leads_to="organizations")
    yield looking_up("  user ID", "official.118.doe", leads_to="people")
    yield looking_up("  e-mail of a person", "official.118@example.org", leads_to="people")
    yield looking_up("  e-mail of a contact", "daniel.118.1@example.org", leads_to="organizations")
    yield sending("  nobody", CALLERS, text="nobody.here")
    yield reading("  organization", f"{CALLERS}organizations/{{organization_id}}/")
    yield reading("  person", f"{CALLERS}people/{PERSON}/")
    yield reading("person's page", f"/staff/accounts/user/{PERSON}/change/")
    yield reading("messages", MESSAGES)
    yield reading("  failed", MESSAGES, status__exact="failed")
    yield reading("  of a channel", MESSAGES, channel__exact="email")
