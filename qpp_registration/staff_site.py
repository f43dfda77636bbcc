"""The staff site: Django's admin behind the site's own sign-in and second factor."""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

View = Callable[..., HttpResponseBase]
LIBRARIES = {"auth", "otp_totp", "django_otp_webauthn"}
ORDER = ("registrations", "organizations", "accounts")
SAME_METHOD = 307  # the browser posts again, with the same body


class StaffSite(AdminSite):
    """For CMS staff who gave a one-time code; for everybody else there is no such page.

    Whoever isn't signed in is sent to the sign-in page by `accounts.middleware`, as everywhere.
    """

    site_title = "QPP Registration staff"
    site_header = "QPP Registration staff"
    index_title = "Staff site"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """As Django has it, but without the libraries' own pages of devices and groups.

        Those of devices show secrets, and add one without a notice to the person; the groups of
        rights are what the code says.
        """
        models = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        shown = [model for model in models if model._meta.app_label not in LIBRARIES]
        super().register(shown, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The season first, then the directory, then people."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]))

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is active CMS staff with a second factor."""
        user: Any = request.user
        return bool(user.is_active and user.is_staff and user.is_verified())

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]  # noqa: FBT001, FBT002
        """The view for staff; 404 for everybody else."""
        shown = super().admin_view(view, cacheable)

        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            return shown(request, *args, **kwargs)

        return update_wrapper(gate, shown)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The site has one sign-in page."""
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """The site has one way to sign out."""
        return HttpResponseRedirect(reverse("sign_out"), status=SAME_METHOD)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Staff change their password where everybody does."""
        return redirect("account")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """The page after it is the account as well."""
        return redirect("account")
