"""Django's admin as the staff site."""

from django.contrib.admin.apps import AdminConfig


class StaffConfig(AdminConfig):
    """Admin classes of the apps register on the staff site."""

    default_site = "qpp_registration.staff_site.StaffSite"
