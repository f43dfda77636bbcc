"""`manage.py auto_register`: who is registered without anybody's doing, and with what."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import AuditEvent, Message
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    Registration,
    RegistrationNumber,
    WindowExtension,
)
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    ApmEntityFactory,
    OfferingFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.automatic_steps import (
    AUTOMATIC,
    CAHPS,
    DANIEL,
    WEB_INTERFACE,
    Run,
    aco,
    enroll,
    enrolled,
    everything,
    registration_of,
)

pytestmark = pytest.mark.django_db


def test_aco_is_registered_for_each_offering_that_the_year_marks(year):
    organization, other = aco(), ApmEntityFactory()
    ParticipationFactory(organization=other, performance_year=2022)

    run = Run(2022)

    assert enrolled(organization) == {WEB_INTERFACE: AUTOMATIC, CAHPS: AUTOMATIC}
    assert enrolled(other) == {}
    registration = Registration.objects.get()
    assert (registration.size, registration.carried_from) == ("", None)
    assert registration.information() == {
        "name": organization.name,
        "address1": "100 Example Street",
        "address2": "",
        "city": "Baltimore",
        "state": "MD",
        "zip_code": "21239",
    }
    number = RegistrationNumber.objects.get(organization=organization).number
    events = AuditEvent.objects.filter(action="registration.automatic")
    assert {event.details["registration_id"] for event in events} == {number}
    assert {event.details["offering"] for event in events} == {
        "CMS Web Interface 2022",
        "CAHPS for MIPS Survey 2022",
    }
    assert {(event.actor_kind, event.actor_name) for event in events} == {("system", "CMS")}
    assert run.out == [
        "CMS Web Interface 2022: 1 registered automatically.",
        "CAHPS for MIPS Survey 2022: 1 registered automatically.",
        "0 mails queued.",
    ]


def test_year_that_marks_the_survey_only_registers_for_it_alone(year):
    Offering.objects.filter(product=WEB_INTERFACE).update(registers_shared_savings=False)
    organization = aco()

    Run(2022)

    assert enrolled(organization) == {CAHPS: AUTOMATIC}


def test_year_that_completes_by_itself_takes_nothing_over_and_preselects_no_size(june):
    offering = OfferingFactory()
    organization = aco(2023, size="100+")
    before = registration_of(organization, 2022, size="25-99")
    Contact.objects.create(registration=before, position=1, **DANIEL)
    RoleFactory(organization=organization, user=UserFactory(email="jane@example.org"))

    run = Run(2023)

    registration = Registration.objects.get(year=2023)
    assert Enrollment.objects.get(offering=offering).status == "complete"
    assert (registration.size, registration.carried_from) == ("", None)
    assert not registration.contacts.exists()
    assert run.out[-1] == "1 mail queued."
    mail = Message.objects.get()
    assert mail.to == "jane@example.org"
    assert "Still missing: Organization Size and one complete contact." in mail.body
    assert f"/registration/2023/cahps/apm-entities/?organization={organization.pk}" in mail.body


def test_before_opening_too_and_not_after_the_last_close(year, june_2022):
    organization = aco()
    june_2022.move_to(datetime(2022, 3, 1, tzinfo=UTC))
    Run(2022)
    assert enrolled(organization)[CAHPS] == AUTOMATIC

    late = aco()
    Offering.objects.filter(product=CAHPS).update(closes_at=CLOSES_2022 - timedelta(days=1))
    june_2022.move_to(CLOSES_2022 - timedelta(seconds=1))
    run = Run(2022)
    assert enrolled(late) == {WEB_INTERFACE: AUTOMATIC}
    assert run.out[1] == (
        "CAHPS for MIPS Survey 2022: 0 registered automatically, 1 registered before, 1 closed."
    )

    june_2022.move_to(CLOSES_2022)
    before = everything()
    assert Run(2022).error == (
        "Registration for 2022 closed on June 30, 2022 at 8:00 p.m. ET; nothing is registered "
        "automatically after it."
    )
    assert everything() == before


def test_extended_organization_is_registered_until_its_own_close(year, june_2022):
    organization = aco()
    Offering.objects.filter(product=CAHPS).update(closes_at=DURING_2022 - timedelta(days=1))
    WindowExtension.objects.create(
        organization=organization,
        offering=year[CAHPS],
        until=DURING_2022 + timedelta(days=1),
        reason="Fire",
        granted_by="Casey",
        granted_at=DURING_2022,
    )
    Run(2022)
    assert enrolled(organization)[CAHPS] == AUTOMATIC


def test_submitters_are_registered_for_the_web_interface_with_last_years_details(year, submitters):
    group = OrganizationFactory(name="Cedar Hollow")
    address = {"address1": "40 Orchard Lane", "city": "Frederick", "state": "MD"}
    before = registration_of(group, 2021, size="100+", name="Cedar Hollow Family", **address)
    Contact.objects.create(registration=before, position=1, **DANIEL)
    Contact.objects.create(registration=before, position=2, first_name="Half")
    virtual = VirtualGroupFactory()
    ParticipationFactory(organization=virtual, performance_year=2022, approved=True, size="25-99")

    run = Run(2022, submitters(group, virtual))

    assert run.error == ""
    assert enrolled(group) == {WEB_INTERFACE: AUTOMATIC}
    assert enrolled(virtual) == {WEB_INTERFACE: AUTOMATIC}
    carried = Registration.objects.get(organization=group, year=2022)
    assert (carried.size, carried.carried_from, carried.confirmed_at) == ("100+", 2021, None)
    assert carried.information() == before.information()
    assert [contact.values() for contact in carried.contacts.all()] == [DANIEL]
    from_directory = Registration.objects.get(organization=virtual)
    # What nobody chose is no size: the pages offer the directory's as a hint.
    assert (from_directory.size, from_directory.carried_from) == ("", None)
    assert before.contacts.count() == 2


def test_contacts_and_officials_are_told_once_each_address_once(year, submitters):
    group = OrganizationFactory(name="Cedar Hollow")
    before = registration_of(group, 2021, size="100+")
    Contact.objects.create(registration=before, position=1, **DANIEL)
    Contact.objects.create(registration=before, position=2, **{**DANIEL, "first_name": "Dan"})
    jane = UserFactory(email="Jane@example.org")
    Contact.objects.create(
        registration=before, position=3, **{**DANIEL, "email": "jane@example.org"}
    )
    RoleFactory(organization=group, user=jane)
    RoleFactory(organization=group, user=UserFactory(is_active=False))
    RoleFactory(organization=group, name="staff_user")

    run = Run(2022, submitters(group))

    assert run.out[-1] == "2 mails queued."
    mails = {mail.to: mail for mail in Message.objects.all()}
    assert set(mails) == {"daniel.okafor@example.org", "Jane@example.org"}
    registration = Registration.objects.get(year=2022)
    number = RegistrationNumber.objects.get().number
    for mail in mails.values():
        assert mail.about == registration.pk
        assert mail.organization == group
        assert mail.subject == (
            f"2022 registration {number} was made automatically: please confirm or cancel it by "
            "June 30, 2022 at 8:00 p.m. ET"
        )
        for sentence in (
            "Cedar Hollow is registered automatically for the 2022 CMS Web Interface.",
            f"Registration ID: {number}",
            "It submitted quality data through the CMS Web Interface for the 2021 performance",
            "If it won’t, please cancel the registration by June 30, 2022 at 8:00 p.m.",
            "were taken over from the 2021 registration. Please check that they are still right.",
            "Still missing: Address, City, State and ZIP code.",
            f"/registration/2022/overview/practices/?organization={group.pk}#organization-",
        ):
            assert sentence in mail.body
            assert sentence.removeprefix("Registration ID: ") in mail.html
        assert group.identifier not in mail.body
    assert "you are a Security Official of Cedar Hollow" in mails["Jane@example.org"].body
    assert "you are one of its contacts" in mails["daniel.okafor@example.org"].body


def test_acos_mail_says_what_can_be_cancelled_and_what_not(year):
    organization = aco()
    RoleFactory(organization=organization)
    Run(2022)
    body = Message.objects.get().body
    for sentence in (
        "for the 2022 CMS Web Interface and the CAHPS for MIPS Survey.",
        "It is a Shared Savings Program ACO",
        "CMS Web Interface: it doesn’t have to report quality data through it.",
        "CAHPS for MIPS Survey: it is a required measure of the APP, so this registration can’t be",
        "Still missing: Organization Size and one complete contact.",
    ):
        assert sentence in body


def test_what_an_official_ended_stays_ended(year, submitters):
    organization, group = aco(), OrganizationFactory()
    enroll(registration_of(organization, 2022), year[WEB_INTERFACE], "cancelled")
    enroll(registration_of(group, 2022, size="100+"), year[WEB_INTERFACE], "cancelled")

    run = Run(2022, submitters(group))

    assert enrolled(organization) == {
        WEB_INTERFACE: ("cancelled", "official"),
        CAHPS: AUTOMATIC,
    }
    assert enrolled(group) == {WEB_INTERFACE: ("cancelled", "official")}
    assert run.out[0] == (
        "CMS Web Interface 2022: 0 registered automatically, 2 ended by an official."
    )
    assert (
        f"TIN {group.shown_identifier}, {group.name}: ended by an official, CMS Web Interface."
        in (run.err)
    )


def test_what_an_official_chose_wins_over_last_year(year, submitters):
    group = OrganizationFactory()
    before = registration_of(group, 2021, size="100+", address1="Old Street")
    Contact.objects.create(registration=before, position=1, **DANIEL)
    begun = registration_of(group, 2022, size="25-99", address1="New Street")
    enroll(begun, year[CAHPS], "complete")
    maria = Contact.objects.create(
        registration=begun, position=1, **{**DANIEL, "email": "maria@example.org"}
    )

    Run(2022, submitters(group))

    assert enrolled(group) == {WEB_INTERFACE: AUTOMATIC, CAHPS: ("complete", "official")}
    begun.refresh_from_db()
    assert (begun.size, begun.address1, begun.carried_from) == ("25-99", "New Street", None)
    assert list(begun.contacts.all()) == [maria]
    assert begun.version == 2
    assert begun.changed_by == "CMS"
    assert [mail.to for mail in Message.objects.all()] == ["maria@example.org"]


@pytest.mark.parametrize(
    ("chosen", "last_year", "directory", "registered"),
    [
        ("2-24", "100+", "100+", False),
        ("25-99", "2-24", "2-24", True),
        (None, "2-24", "100+", False),
        (None, "25-99", "2-24", True),
        (None, None, "2-24", False),
        ("", None, "2-24", False),
        (None, None, "25-99", True),
        (None, None, "", True),
    ],
)
def test_too_small_for_the_web_interface_by_the_best_known_size(
    year, submitters, chosen, last_year, directory, registered
):
    group = OrganizationFactory()
    ParticipationFactory(organization=group, performance_year=2022, size=directory)
    if chosen is not None:
        registration_of(group, 2022, size=chosen)
    if last_year is not None:
        registration_of(group, 2021, size=last_year)

    run = Run(2022, submitters(group))

    assert bool(enrolled(group)) is registered
    named = f"TIN {group.shown_identifier}, {group.name}: too small, CMS Web Interface."
    assert run.err == ([] if registered else [named])


def test_virtual_group_that_is_not_approved_this_year_is_reported_and_skipped(year, submitters):
    virtual = VirtualGroupFactory()
    ParticipationFactory(organization=virtual, performance_year=2021, approved=True)
    run = Run(2022, submitters(virtual))
    assert run.error == ""
    assert enrolled(virtual) == {}
    assert run.err == [
        f"Virtual Group ID {virtual.identifier}, {virtual.name}: not approved, CMS Web Interface."
    ]
    assert run.out[0] == "CMS Web Interface 2022: 0 registered automatically, 1 not approved."


def test_incomplete_registration_of_what_became_an_aco_is_completed_with_its_details(june):
    offering = OfferingFactory()
    organization = aco(2023)
    registration = registration_of(organization, 2022)
    registration.year_id = 2023
    registration.size = "25-99"
    registration.save()
    enroll(registration, offering, "incomplete")

    Run(2023)

    assert enrolled(organization) == {CAHPS: AUTOMATIC}
    registration.refresh_from_db()
    assert registration.size == "25-99"


def test_number_stays_the_one_that_the_organization_has(year):
    organization = aco()
    RegistrationNumber.objects.create(organization=organization, number=219043)
    Run(2022)
    assert RegistrationNumber.objects.get().number == 219043
