"""Every page of the site in every state that it has, as journeys that stop at each.

A journey is a generator: it brings a visitor to a page and yields the name of its address and the
state, while whoever runs the journey inspects the page.
"""

from collections.abc import Callable, Iterator

from tests.browser.autosave_journey import saving_by_itself
from tests.browser.caller_journeys import CALLER_JOURNEYS
from tests.browser.deed_journeys import DEED_JOURNEYS
from tests.browser.device_journeys import DEVICE_JOURNEYS
from tests.browser.explicit_journeys import EXPLICIT_JOURNEYS
from tests.browser.export_journeys import EXPORT_JOURNEYS
from tests.browser.history_journeys import HISTORY_JOURNEYS
from tests.browser.list_journeys import LIST_JOURNEYS
from tests.browser.many_journeys import MANY_JOURNEYS
from tests.browser.overview_journeys import OVERVIEW_JOURNEYS
from tests.browser.people_journeys import PEOPLE_JOURNEYS
from tests.browser.public_journeys import PUBLIC_JOURNEYS
from tests.browser.register_journeys import REGISTER_JOURNEYS
from tests.browser.rights_journeys import RIGHTS_JOURNEYS
from tests.browser.role_journeys import ROLE_JOURNEYS
from tests.browser.session_journeys import SESSION_JOURNEYS
from tests.browser.sheet_journeys import sheet_too_late, uploading_sheets
from tests.browser.sign_in_journeys import SIGN_IN_JOURNEYS
from tests.browser.staff_journeys import STAFF_JOURNEYS
from tests.browser.trouble_journeys import TROUBLE_JOURNEYS
from tests.browser.visitor import Visitor

Stops = Iterator[tuple[str, str]]
JOURNEYS: list[Callable[[Visitor], Stops]] = [
    saving_by_itself,
    *PUBLIC_JOURNEYS,
    *LIST_JOURNEYS,
    *MANY_JOURNEYS,
    *REGISTER_JOURNEYS,
    uploading_sheets,
    sheet_too_late,
    *EXPLICIT_JOURNEYS,
    *OVERVIEW_JOURNEYS,
    *HISTORY_JOURNEYS,
    *RIGHTS_JOURNEYS,
    *ROLE_JOURNEYS,
    *SESSION_JOURNEYS,
    *SIGN_IN_JOURNEYS,
    *DEVICE_JOURNEYS,
    *PEOPLE_JOURNEYS,
    *DEED_JOURNEYS,
    *CALLER_JOURNEYS,
    *STAFF_JOURNEYS,
    *EXPORT_JOURNEYS,
    *TROUBLE_JOURNEYS,
]
