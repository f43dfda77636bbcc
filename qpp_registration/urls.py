"""Every address of the site. A test fails when one of them has no row in the access table."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("registrations.urls")),
    path("", include("accounts.urls")),
    path("staff/", admin.site.urls),
]

handler500 = "qpp_registration.unavailable.server_error"
