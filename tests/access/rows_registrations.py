"""The rows of public pages and of registering."""

from tests.access.rows import CLOSED, NEVER, Rows

REGISTRATIONS: Rows = {
    # Public
    "front": ("200", "405"),
    "help": ("200", "405"),
    "accessibility": ("200", "405"),
    "privacy": ("200", "405"),
    "calendar": ("200", "405"),
    # Signed in
    "home": (CLOSED + "200 200 200 200 200", NEVER),
    "exit_view": (NEVER, CLOSED + "home home home home home"),  # without a view
    "registration": (CLOSED + "200 200 200 200 200", NEVER),
    "current_list": (CLOSED + "first_tab " * 5, NEVER),
    "first_tab": (CLOSED + "200 list list list 200", NEVER),
    "list": (CLOSED + "first_tab 200 200 200 first_tab", NEVER),
    "search": (NEVER, CLOSED + "list list list list list"),
    "download_list": (
        NEVER,
        CLOSED + "first_tab 200 200 200 first_tab",
    ),
    "upload_sheet": (
        CLOSED + "first_tab 200 200 200 first_tab",
        CLOSED + "first_tab 403 422 422 first_tab",
    ),
    "overview_first": (
        CLOSED + "200 overview overview overview 200",
        NEVER,
    ),
    "overview": (
        CLOSED + "overview_first 200 200 200 overview_first",
        NEVER,
    ),
    "overview_search": (NEVER, CLOSED + "overview " * 5),
    "manage_access": (
        CLOSED + "200 connected connected connected 200",
        NEVER,
    ),
    "connected": (
        CLOSED + "manage_access 200 200 200 manage_access",
        NEVER,
    ),
    "connected_search": (NEVER, CLOSED + "connected " * 5),
    # Of the person who uploaded it
    "sheet": (CLOSED + "404 404 200 404 404", NEVER),
    "confirm_sheet": (NEVER, CLOSED + "404 404 sheet 404 404"),
    "sheet_errors": (CLOSED + "404 404 200 404 404", NEVER),
    "register_many": (CLOSED + "list list list list list", CLOSED + "list list list list list"),
    "change_person": (CLOSED + "200 200 200 200 200", CLOSED + "422 422 422 422 422"),
    # With a role on the organization
    "start": (NEVER, CLOSED + "404 403 register 404 404"),
    "register": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 register 404 404"),
    "summary": (CLOSED + "404 200 200 404 404", NEVER),
    "summary_pdf": (CLOSED + "404 200 200 404 404", NEVER),
    "delete_registration": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 list 404 404"),
    "delete_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 register 404 404"),
    "copy_contacts": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 copy_contacts 404 404"),
    "apply_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 422 404 404"),
    "organization_history": (CLOSED + "404 200 200 404 404", NEVER),
    "registration_history": (CLOSED + "404 200 200 404 404", NEVER),
    # The same, in an explicit year
    "size": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 422 404 404"),
    "information": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 422 404 404"),
    "confirm_details": (NEVER, CLOSED + "404 403 overview 404 404"),
    "use_last_year": (NEVER, CLOSED + "404 403 overview 404 404"),
    "add_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 404 404 404"),
    "edit_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 422 404 404"),
    "remove_contact": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 overview 404 404"),
    "register_page": (CLOSED + "404 200 200 404 404", CLOSED + "404 403 registered 404 404"),
    "register_now": (
        NEVER,
        CLOSED + "404 registered registered 404 404",
    ),
    "registered": (CLOSED + "404 200 200 404 404", NEVER),
    "cancel_registration": (
        CLOSED + "404 200 200 404 404",
        CLOSED + "404 403 cancelled 404 404",
    ),
    "cancelled": (
        CLOSED + "404 register_page register_page 404 404",
        NEVER,
    ),
}
