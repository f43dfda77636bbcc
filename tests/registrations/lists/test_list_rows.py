"""A row of the list looks the same as its template draws it, whichever others were drawn before."""

from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string

from accounts.enums import RoleName
from registrations.enums import ListStatus, Product, SamplingOutcome
from registrations.lists.organizations import Row
from registrations.views.lists.rows import Words, draw_rows
from registrations.words.sampling import sampling_words

EVIL = "\"><script>alert('x')</script>&amp; {{ name }} \ue000name\ue001"
WORDS = Words(register_label="Register Group", summary_label="Group Summary", picks=True)
NOTHING: dict[str, Any] = dict.fromkeys(
    ("url", "record_url", "start_url", "delete_url", "number", "missing", "note"), ""
)
FLAGS: dict[str, Any] = dict.fromkeys(("was_deleted", "may_save", "can_be_selected"), False)
BAD, GOOD = (
    sampling_words(
        product=Product.CAHPS,
        outcome=outcome,
        with_web_interface=False,
        registered=False,
        aco=False,
    )
    for outcome in (SamplingOutcome.MINIMUM_NOT_MET, SamplingOutcome.ELIGIBLE)
)
OPEN = {"url": "/edit/", "delete_url": "/delete/", "number": "100123", "may_save": True}
LOOKS: dict[str, dict[str, Any]] = {
    "not started": {"start_url": "/start/", "can_be_selected": True},
    "nothing to do": {"note": EVIL},
    "incomplete": OPEN | {"status": ListStatus.INCOMPLETE, "missing": "Organization Size"},
    "complete": OPEN | {"status": ListStatus.COMPLETE, "record_url": "/summary/"},
    "looked at": {"url": "/view/", "status": ListStatus.COMPLETE, "number": "100123"},
    "deleted": {"record_url": "/receipt/", "was_deleted": True, "start_url": "/start/"},
    "good result": {"status": ListStatus.COMPLETE, "record_url": "/summary/", "sampling": GOOD},
    "bad result": {"status": ListStatus.COMPLETE, "record_url": "/summary/", "sampling": BAD},
    "automatic": {"status": ListStatus.AUTOMATIC, "note": "Registered automatically."},
}


def row(name: str, look: dict[str, Any]) -> Row:
    values = {"status": ListStatus.NOT_STARTED, "sampling": None} | NOTHING | FLAGS | look
    return Row(
        organization_id=UUID(int=len(name)),
        name=name,
        identifier=f"TIN {name}",
        role=RoleName.SECURITY_OFFICIAL,
        **values,
    )


@pytest.mark.parametrize("picks", [True, False])
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_row_is_the_same_as_by_template(look: dict[str, Any], picks: bool) -> None:
    words = Words(**vars(WORDS) | {"picks": picks})
    rows = [row(name, look) for name in ("First", EVIL, "Third")]
    for made, drawn in zip(rows, draw_rows(rows, words, csrf_token="t<"), strict=True):
        context = {"row": made, "csrf_token": "t<", **vars(words)}
        assert drawn == render_to_string("registrations/lists/row.html", context)
        assert "<script" not in drawn
