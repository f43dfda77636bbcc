"""Every list of the staff site with its rows' pages, for readers."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from accounts.models import AuditEvent
from registrations.enums import Product
from registrations.models import Enrollment, Offering, PerformanceYear
from tests.factories import OrganizationFactory
from tests.registrations.enrolled import enroll, words
from tests.staff.pages import list_of, page_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model.__name__)
def test_reader_opens_each_list_but_the_audit(model: type[Model], reader: Client) -> None:
    assert reader.get(list_of(model)).status_code == (403 if model is AuditEvent else 200)


def test_reader_finds_a_registration_with_its_organization_year_and_offering(
    reader: Client, offerings: dict[Product, Offering]
) -> None:
    practice = OrganizationFactory(name="Better Business Health", identifier="000765630")
    enroll(practice, offerings, [Product.CAHPS])
    row = Enrollment.objects.get()
    assert "Better Business Health" in reader.get(list_of(Enrollment)).content.decode()
    told = words(reader.get(page_of(row)).content.decode())
    assert "2022 CAHPS for MIPS Survey" in told
    assert "Status Complete" in told
    assert "TIN 00-0765630" in words(reader.get(page_of(practice)).content.decode())
    assert "The official presses Register" in words(
        reader.get(page_of(PerformanceYear.objects.get())).content.decode()
    )
    closes = words(reader.get(page_of(offerings[Product.CAHPS])).content.decode())
    assert "Closes June 30, 2022 at 8:00 p.m. ET" in closes
