"""Which passwords are refused, and why (ASVS 6.2.4, 6.2.11; NIST SP 800-63B-4, 3.1.1.2)."""

import random
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.people.password_validator import PasswordPolicy
from accounts.policy import passwords
from accounts.policy.passwords import ENOUGH, LONGEST, SHORTEST
from registrations.demonstration.passwords import _WORDS as WORDS

COMMON = PasswordPolicy().common
JANE = ("Jane", "Doe", "jane.doe", "jane@lakeside.example.org", "Better Business Health")


def problem(password):
    return passwords.problem(password, known=JANE, common=COMMON)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("only fourteen!", "at least 15"),
        ("🦉" * 14, "at least 15"),
        ("medicaremedicare", "“medicare"),
        ("qualitypayment2026", "“quality”) and a year (“2026”)"),
        ("CAHPS for MIPS 2023", "“cahps”"),
        ("QPP Registration 1", "can guess"),
        ("qwertyuiopasdfgh", "a row of keys (“qwertyuiop”)"),
        ("1qaz2wsx3edc4rfv5tgb", "a row of keys (“1qaz”)"),
        ("mnbvcxzlkjhgfdsa", "a row of keys"),
        ("passwordpassword", "a common password (“password”) and repeats"),
        ("P@ssw0rdP@ssw0rd", "a common password"),
        ("p-a-s-s-w-o-r-d-1-2-3", "a common password"),
        ("letmein letmein 99", "a common password"),
        ("Summer2026Summer!", "a year"),
        ("monkeydragonbatman", "a common password"),
        ("aaaaaaaaaaaaaaaa", "a sequence"),
        ("abcabcabcabcabc", "repeats"),
        ("xk7qxk7qxk7qxk7q", "repeats"),
        ("horse horse horse", "repeats"),
        ("123456789012345", "a sequence"),
        ("zyxwvutsrqponmlk", "a sequence"),
        ("abcdefghijklmnop", "a sequence"),
        ("               ", "repeats"),
        ("JaneDoe19871987", "“janedoe”"),
        ("lakeside lakeside", "“lakeside"),
        ("BetterBusinessHealth", "“betterbusinesshealth”"),
        ("1987198819891990", "a year"),
    ],
)
def test_pattern_is_refused_and_named(password, reason):
    assert reason in problem(password)


@pytest.mark.parametrize(
    "password",
    [
        "a quiet lake in autumn",
        "fifteen letters",
        "four words and more",
        "пароль из многих слов",
        "🦉 sixteen owls 🦉🦉",
        "x7$Kq!9v#Lm2@Zp",
        "}[@|^=+~#]{<;%_",
        "thequickbrownfox",
    ],
)
def test_ordinary_phrase_is_accepted(password):
    assert problem(password) == ""


def test_words_at_random_are_hardly_ever_refused():
    """Four of 153 everyday words, two thirds of them on the list of common passwords."""
    choose = random.Random(7)
    phrases = [" ".join(choose.sample(WORDS, 4)) for _ in range(2000)]
    assert sum(word in COMMON for word in WORDS) > len(WORDS) / 2
    refused = [phrase for phrase in phrases if problem(phrase)]
    assert len(refused) < len(phrases) / 100, refused[:10]


def test_three_thousand_long_passwords_of_the_list_are_refused():
    """What an attacker tries first: listed ones doubled, with a year, with the site's name."""
    made = [
        form.format(word)
        for word in sorted(COMMON)
        for form in ("{0}{0}", "{0}{0}{0}", "{0}2026{0}", "Qpp{0}Medicare!", "{0} {0} 123")
        if len(form.format(word)) >= SHORTEST and len(word) >= passwords.SHORTEST_WORD
    ]
    chosen = random.Random(7).sample(made, 3000)
    assert [password for password in chosen if not problem(password)] == []


@given(st.text(max_size=SHORTEST - 1))
def test_shorter_is_always_refused(password):
    assert "at least" in problem(password) or len(unicodedata.normalize("NFC", password)) > 14


@given(st.text(min_size=LONGEST + 50, max_size=LONGEST + 60, alphabet=string.ascii_letters))
def test_longer_is_always_refused(password):
    assert "at most 128" in problem(password)


@given(st.text(max_size=200))
def test_either_form_of_unicode_gets_the_same_answer(password):
    composed, apart = (unicodedata.normalize(form, password) for form in ("NFC", "NFD"))
    assert problem(composed) == problem(apart)


@given(st.text(alphabet=string.ascii_letters + " -", min_size=SHORTEST, max_size=LONGEST))
def test_capital_letters_change_nothing(password):
    assert problem(password) == problem(password.swapcase())


@given(st.text(min_size=1, max_size=7), st.integers(min_value=15, max_value=60))
def test_few_characters_repeated_are_refused(piece, times):
    # Seven characters, however often, are worth at most seven.
    if len(unicodedata.normalize("NFC", piece * times)) <= LONGEST and len(piece) < ENOUGH:
        assert problem(piece * times)


@given(st.text(min_size=SHORTEST, max_size=LONGEST))
def test_what_is_left_is_never_more_than_the_length(password):
    left, _ = passwords.read(password.lower(), known=frozenset(), common=COMMON)
    assert 0 <= left <= len(password.lower())


class Counted(frozenset):
    """Words that count how often they were asked for one."""

    asked = 0

    def __contains__(self, word):
        self.asked += 1
        return super().__contains__(word)


@pytest.mark.parametrize("password", ["a" * LONGEST, "ab" * 64, "İ" * LONGEST, "password" * 16])
def test_words_are_looked_up_a_few_times_for_each_character(password):
    common = Counted(COMMON)
    passwords.problem(password, known=JANE, common=common)
    readings, spellings = 2, 2
    assert 0 < common.asked <= readings * spellings * LONGEST * passwords.LONGEST_WORD


def test_what_is_too_long_is_not_read_at_all():
    common = Counted(COMMON)
    assert "at most" in passwords.problem("x" * 1_000_000, known=JANE, common=common)
    assert common.asked == 0
