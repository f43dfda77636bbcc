"""Cancel Registration, and registering again (2022 guide, VII)."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Enrollment, Registration, RegistrationNumber
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    ApmEntityFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
)
from tests.registrations.year_pages import YearPages, text_of

SignIn = Callable[[User], Client]


def test_continue_cancels_and_tells_the_registration_id(enrolled: YearPages) -> None:
    number = RegistrationNumber.objects.get().number
    asked = enrolled.html("web-interface/cancel/")
    assert "Cancel this registration?" in asked
    assert str(number) in asked
    assert re.search(r">Continue</button> <a [^>]*>Cancel</a>", asked)
    assert enrolled.status("web_interface") == "complete"

    answer = enrolled.post("web-interface/cancel/")
    assert answer.url == enrolled.url("web-interface/cancelled/")
    html = text_of(enrolled.client.get(answer.url))
    assert "You have successfully cancelled your registration." in html
    assert "Record the registration identification number" in html
    assert f'<dd class="figures">{number}</dd>' in html
    assert "June 2, 2022 at 2:31:05 p.m. ET, from Jane Doe" in html
    assert "Download receipt of cancellation" in html
    assert enrolled.status("web_interface") == "cancelled"


def test_cancel_leads_back_to_where_the_person_came_from(enrolled: YearPages) -> None:
    html = enrolled.html("web-interface/cancel/?back=web_interface")
    assert f'<a href="{enrolled.url("web-interface/")}">Cancel</a>' in html
    html = enrolled.html("web-interface/cancel/")
    assert f'#organization-{enrolled.organization.pk}">Cancel</a>' in html


def test_cancelling_twice_cancels_once(enrolled: YearPages) -> None:
    for _ in range(2):
        assert enrolled.post("web-interface/cancel/").status_code == 302
    assert AuditEvent.objects.filter(action="registration.cancelled").count() == 1
    assert enrolled.get("web-interface/cancel/").url == enrolled.url("web-interface/cancelled/")


def test_what_isnt_registered_cant_be_cancelled(ready: YearPages) -> None:
    assert "isn’t registered for the CAHPS for MIPS Survey" in ready.html("cahps/cancel/")
    assert ready.get("cahps/cancelled/").url == ready.url("cahps/")


def test_the_other_offering_stays_registered(enrolled: YearPages) -> None:
    enrolled.register("cahps")
    enrolled.post("web-interface/cancel/")
    assert (enrolled.status("web_interface"), enrolled.status("cahps")) == ("cancelled", "complete")


@pytest.mark.parametrize(
    ("where", "values"),
    [("", {"size": "2-24"}), ("delete/", {}), ("contacts/{contact}/delete/", {})],
)
def test_pages_of_years_that_complete_by_themselves_change_nothing_here(
    enrolled: YearPages, where: str, values: dict[str, str]
) -> None:
    before = enrolled.registration.version
    contact = enrolled.contacts[0].pk
    address = f"/registrations/{enrolled.registration.pk}/web-interface/"
    answer = enrolled.client.post(address + where.format(contact=contact), values)
    assert answer.status_code == 404
    assert enrolled.registration.version == before
    assert enrolled.status("web_interface") == "complete"


def test_registering_again_keeps_the_registration_id_and_everything_else(
    enrolled: YearPages,
) -> None:
    number = RegistrationNumber.objects.get().number
    enrolled.post("web-interface/cancel/")
    page = f'href="{enrolled.url("web-interface/")}">Register again'
    assert page in enrolled.html("web-interface/cancelled/")
    html = enrolled.html("web-interface/")
    assert "Nothing is missing" in html
    assert "Daniel Okafor" in html
    answer = enrolled.register("web-interface")
    assert str(number) in text_of(enrolled.client.get(answer.url))
    enrollment = Enrollment.objects.get()
    assert (enrollment.status, enrollment.cancelled_at) == ("complete", None)


def test_after_the_close_nothing_is_cancelled_and_everything_can_be_read(
    enrolled: YearPages, june_2022, sign_in: SignIn, jane: User
) -> None:
    june_2022.move_to(CLOSES_2022)
    enrolled.client = sign_in(jane)
    answer = enrolled.post("web-interface/cancel/")
    assert answer.status_code == 403
    assert "Registration closed on June 30, 2022 at 8:00 p.m. ET." in text_of(answer)
    assert enrolled.status("web_interface") == "complete"
    html = enrolled.html("web-interface/")
    assert "Cancel Registration" not in html
    assert "encouraged to cancel" not in html
    assert "daniel.okafor@example.org" in html


def test_staff_user_cant_cancel(
    enrolled: YearPages, sign_in: SignIn, practice: Organization
) -> None:
    person = UserFactory()
    RoleFactory(user=person, organization=practice, name="staff_user")
    theirs = YearPages(sign_in(person), practice)
    assert "Your role is Staff User" in theirs.html("web-interface/cancel/")
    assert theirs.post("web-interface/cancel/").status_code == 403
    assert enrolled.status("web_interface") == "complete"


def test_aco_cancels_its_automatic_web_interface_registration_but_not_the_survey(
    pages: YearPages, jane: User, offerings: dict
) -> None:
    aco = ApmEntityFactory(name="Riverside ACO")
    ParticipationFactory(organization=aco, performance_year=2022, shared_savings_program=True)
    RoleFactory(user=jane, organization=aco)
    registration = Registration.objects.create(
        organization=aco,
        year_id=2022,
        size="100+",
        name=aco.name,
        started_at=DURING_2022,
        changed_at=DURING_2022,
        changed_by="CMS",
    )
    RegistrationNumber.objects.create(organization=aco, number=219043)
    for offering in offerings.values():
        Enrollment.objects.create(
            registration=registration,
            offering=offering,
            status="complete",
            origin="automatic",
            completed_at=DURING_2022,
        )
    theirs = YearPages(pages.client, aco)
    html = theirs.html("cahps/")
    assert "Registered automatically" in html
    assert "Cancel Registration" not in html
    assert "can’t end its registration for the CAHPS for MIPS Survey: it is required" in html
    congratulations = theirs.html("cahps/registered/")
    assert "it is required" in congratulations
    assert "You can change or cancel" not in congratulations
    answer = theirs.post("cahps/cancel/")
    assert (answer.status_code, theirs.status("cahps")) == (403, "complete")
    assert "is required" in text_of(answer)
    assert "Cancel Registration" in theirs.html("web-interface/")
    assert theirs.post("web-interface/cancel/").status_code == 302
    assert theirs.status("web_interface") == "cancelled"
