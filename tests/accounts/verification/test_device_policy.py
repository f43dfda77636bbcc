"""What devices decide, as functions of plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import ResetStatus
from accounts.policy import signing_in

NOW = datetime(2023, 5, 2, 14, tzinfo=UTC)


@pytest.mark.parametrize(("wrong", "disabled"), [(0, False), (99, False), (100, True), (101, True)])
def test_a_hundred_wrong_codes_disable(wrong, disabled):
    assert signing_in.disables_device(wrong) is disabled


codes = st.text(alphabet=signing_in.RECOVERY_ALPHABET, min_size=16, max_size=16)


@given(codes)
def test_recovery_code_is_read_as_it_is_shown(code):
    shown = signing_in.show_recovery_code(code)
    assert len(shown) == 19
    for typed in (shown, shown.lower(), shown.replace("-", " "), f"\t{shown}\n", code):
        assert signing_in.recovery_code(typed) == code
    assert signing_in.recovery_code(code.replace("0", "O").replace("1", "I")) == code
    assert signing_in.recovery_code(code.replace("1", "l")) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_nothing(typed):
    read = signing_in.recovery_code(typed)
    assert read == "" or (len(read) == 16 and set(read) <= set(signing_in.RECOVERY_ALPHABET))


@pytest.mark.parametrize("typed", ["", "A" * 15, "A" * 17, "U" * 16, "É" * 16, "٣" * 16])
def test_what_is_no_recovery_code(typed):
    assert signing_in.recovery_code(typed) == ""


def test_recovery_codes_cant_be_guessed():
    assert len(set(signing_in.RECOVERY_ALPHABET)) == 32
    assert signing_in.RECOVERY_CODE_LENGTH * 5 >= 64  # bits


def test_ten_devices_are_enough_and_the_last_one_stays():
    assert signing_in.why_not_added(9) == ""
    assert "10 devices" in signing_in.why_not_added(10)
    assert signing_in.why_not_removed(usable_others=1) == ""
    assert "only device" in signing_in.why_not_removed(usable_others=0)


def decided(status=ResetStatus.ASKED, *, left=timedelta(seconds=1), **more):
    case = {"is_own": False, "asked_too": False, "out_of_reach": ""} | more
    return signing_in.why_not_decided(status=status, expires_at=NOW + left, now=NOW, **case)


def test_reset_is_decided_by_another_one_in_time():
    assert decided() == ""
    assert "in time" in decided(left=timedelta(0))
    assert "in time" in decided(left=-timedelta(seconds=1))
    assert "Another member of staff" in decided(asked_too=True)
    assert "own devices" in decided(is_own=True)


@pytest.mark.parametrize("status", [s for s in ResetStatus if s is not ResetStatus.ASKED])
def test_only_what_staff_asked_for_is_decided(status):
    said = decided(status)
    assert ("First somebody of staff" if status is ResetStatus.REQUESTED else "settled") in said


@pytest.mark.parametrize("status", ResetStatus)
def test_who_is_out_of_reach_is_told_so_unless_it_is_settled(status):
    is_open = status in {ResetStatus.REQUESTED, ResetStatus.ASKED}
    said = decided(status, out_of_reach="More rights.")
    assert (said == "More rights.") is is_open
