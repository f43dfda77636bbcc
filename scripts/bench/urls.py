"""The site's addresses and, behind them, those of the floors (see `wsgi`)."""

from django.urls import include, path

from bench import floors

urlpatterns = [
    path("", include("qpp_registration.urls")),
    path("floor/bare/", floors.bare),
    path("floor/process/", floors.process),
    path("floor/list/", floors.organizations),
    path("floor/register/", floors.registration),
    path("floor/save/", floors.save),
    path("floor/pdf/", floors.pdf),
]
