"""What people see who aren't the organization's Security Official."""

from playwright.sync_api import expect

from accounts.enums import RoleName
from tests.browser.visitor import Visitor
from tests.browser.world import (
    BETTER,
    PRACTICES,
    address,
    contact,
    open_offering,
    person,
    practice,
    registered,
)
from tests.factories import RoleFactory


def test_staff_user_reads_without_contact_details(visitor: Visitor):
    jane, staff = person(), person("Staff", "User")
    organization = practice(jane)
    RoleFactory(user=staff, organization=organization, name=RoleName.STAFF_USER)
    registration = registered(jane, organization, open_offering(), contact())
    visitor.signed_in(staff)

    visitor.go("/home/")
    visitor.follow("Start Registration")
    visitor.sees("Your role is Staff User")
    visitor.follow("View CAHPS Registration")
    visitor.follow(f"View {BETTER}")
    visitor.sees("Your role is Staff User: you can look, but not change.")
    visitor.sees("Pat Example")
    assert_no_details(visitor)
    expect(visitor.page.get_by_role("button").filter(has_not_text="Sign out")).to_have_count(0)
    visitor.follow("Print-ready page")
    visitor.sees_heading("Group CAHPS Registration Summary")
    visitor.sees("Pat Example")
    assert_no_details(visitor)
    visitor.go(address(registration, "delete/"))
    visitor.sees_heading("This registration can’t be deleted")


def assert_no_details(visitor: Visitor) -> None:
    source = visitor.page.content()
    assert "pat.example@" not in source
    assert "555-0144" not in source
    assert "5550144" not in source


def test_person_without_role_reads_why_and_how(visitor: Visitor):
    open_offering()
    visitor.signed_in(person("New", "User"))
    visitor.go("/home/")
    visitor.follow("Start Registration")
    visitor.sees("You don’t have the required Security Official role")
    visitor.sees("Review Connect to an Organization")
    expect(visitor.page.get_by_role("link", name="Register and Edit")).to_have_count(0)
    visitor.follow("How to get the Security Official role")
    visitor.sees_heading("Help")
    how = visitor.page.get_by_role("heading", name="How to get the Security Official role")
    expect(how).to_be_in_viewport()


def test_other_organizations_official_finds_nothing(visitor: Visitor):
    jane, ken = person(), person("Ken", "Ito")
    practice(ken, "Lakeside Family Practice", "000765632")
    registration = registered(jane, practice(jane), open_offering(), contact())
    visitor.signed_in(ken)
    visitor.go(PRACTICES)
    expect(visitor.item(BETTER)).to_have_count(0)
    visitor.allowed = (404,)
    contact_id = registration.contacts.get().pk
    for page in ("", "summary/", "delete/", f"contacts/{contact_id}/delete/"):
        visitor.go(address(registration, page))
        visitor.sees_heading("We can’t find this page")
        assert BETTER not in visitor.page.content()
