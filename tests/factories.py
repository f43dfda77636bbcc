"""Test data: invented, and valid wherever a test doesn't say otherwise."""

import functools
import itertools
from datetime import UTC, datetime, timedelta

import factory
from django.contrib.auth.hashers import make_password

from accounts.enums import Channel, RoleName
from accounts.models import ChannelDevice, Role, User
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from organizations.enums import OrganizationKind
from organizations.models import Organization, Participation
from registrations.enums import Completion, Product
from registrations.models import Offering, PerformanceYear

PASSWORD = "a quiet lake in autumn"
hashed = functools.cache(make_password)
OPENS = datetime(2023, 4, 3, 14, tzinfo=UTC)
CLOSES = datetime(2023, 7, 1, tzinfo=UTC)
DURING = datetime(2023, 6, 2, 18, 31, 5, tzinfo=UTC)
OPENS_2022 = datetime(2022, 4, 1, 14, tzinfo=UTC)
CLOSES_2022 = datetime(2022, 7, 1, tzinfo=UTC)
DURING_2022 = datetime(2022, 6, 2, 18, 31, 5, tzinfo=UTC)


class OrganizationFactory(factory.django.DjangoModelFactory):
    """A group, unless told otherwise."""

    class Meta:
        model = Organization

    kind = OrganizationKind.GROUP
    identifier = factory.Sequence(lambda n: f"00{n + 1000000:07}")
    name = factory.Sequence(lambda n: f"Invented Practice {n}")
    search_name = factory.LazyAttribute(lambda made: made.name.casefold())
    address1 = "100 Example Street"
    city = "Baltimore"
    state = "MD"
    zip_code = "21239"


class VirtualGroupFactory(OrganizationFactory):
    """A virtual group, not approved unless a participation says so."""

    kind = OrganizationKind.VIRTUAL_GROUP
    identifier = factory.Sequence(lambda n: f"VG-{n:05}")
    name = factory.Sequence(lambda n: f"Invented Virtual Group {n}")


class ApmEntityFactory(OrganizationFactory):
    """An APM Entity outside the Shared Savings Program."""

    kind = OrganizationKind.APM_ENTITY
    identifier = factory.Sequence(lambda n: f"T1AR{n:04}")
    name = factory.Sequence(lambda n: f"Invented APM Entity {n}")


class ParticipationFactory(factory.django.DjangoModelFactory):
    """What CMS knows of an organization in 2023."""

    class Meta:
        model = Participation

    organization = factory.SubFactory(OrganizationFactory)
    performance_year = 2023


class UserFactory(factory.django.DjangoModelFactory):
    """A person without roles and devices. The password is PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    user_id = factory.Sequence(lambda n: f"person.{n}")
    first_name = "Pat"
    last_name = factory.Sequence(lambda n: f"Example{'abcdefghij'[n % 10]}")
    email = factory.LazyAttribute(lambda made: f"{made.user_id}@example.org")
    password = factory.LazyFunction(lambda: hashed(PASSWORD))

    @factory.post_generation
    def staff_group(self, create: bool, group: StaffGroup | None, **_: object) -> None:
        """CMS staff may do everything, unless a group is given."""
        if create and (self.is_staff or group):
            put_into(self, group or StaffGroup.ADMINISTRATOR)


class DeviceFactory(factory.django.DjangoModelFactory):
    """A phone that receives codes as text messages."""

    class Meta:
        model = ChannelDevice

    user = factory.SubFactory(UserFactory)
    name = "Phone"
    channel = Channel.TEXT
    address = factory.Iterator(f"20255501{n:02}" for n in itertools.cycle(range(100)))
    confirmed = True


class RoleFactory(factory.django.DjangoModelFactory):
    """A Security Official of an organization."""

    class Meta:
        model = Role

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    name = RoleName.SECURITY_OFFICIAL
    granted_at = OPENS - timedelta(days=30)
    granted_by = "Operations"


class YearFactory(factory.django.DjangoModelFactory):
    """2023 as the guide has it."""

    class Meta:
        model = PerformanceYear
        django_get_or_create = ("year",)

    year = 2023
    completion = Completion.AUTOMATIC
    omb_control_number = "0938-1222"
    burden_hours = "0.25"
    sampling_notices = "fall of 2023"


class OfferingFactory(factory.django.DjangoModelFactory):
    """CAHPS in 2023, with the guide's window."""

    class Meta:
        model = Offering
        django_get_or_create = ("year", "product")

    year = factory.SubFactory(YearFactory)
    product = Product.CAHPS
    minimum_size = "2-24"
    opens_at = OPENS
    closes_at = CLOSES


def explicit_year(**dates: datetime) -> dict[Product, Offering]:
    """2022 as its guide has it: both offerings, completed by pressing Register.

    `dates`: opens_at and closes_at, where another window is wanted.
    """
    year = YearFactory(
        year=2022,
        completion=Completion.EXPLICIT,
        omb_control_number="0938-1314",
        sampling_notices="fall of 2022",
        mails_contacts=True,
    )
    minimum_sizes = {Product.WEB_INTERFACE: "25-99", Product.CAHPS: "2-24"}
    window = {"opens_at": OPENS_2022, "closes_at": CLOSES_2022} | dates
    return {
        product: OfferingFactory(year=year, product=product, minimum_size=minimum, **window)
        for product, minimum in minimum_sizes.items()
    }
