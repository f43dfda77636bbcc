"""What mails about somebody's own account say."""

from accounts.words.letter import Letter

HELP = (
    "Questions? 1-866-288-8292 (TRS: 711) or QPP@cms.hhs.gov, "
    "Monday to Friday, 8 a.m. to 8 p.m. ET.\n"
)
NOT_YOU = "If this wasn’t you, you need not do anything."


def account_made(*, name: str, user_id: str, link: str, until: str) -> Letter:
    """To a person whose account somebody else made."""
    return Letter(
        subject="Your account for QPP registration",
        body=(
            f"Hello {name},\n\n"
            f"an account was created for you. Your user ID is {user_id}.\n\n"
            f"Set your password until {until}:\n{link}\n\n"
            "Then sign in. At your first sign-in you set up two-factor authentication: have your "
            "phone at hand.\n\n"
            f"{HELP}"
        ),
    )


def register(*, link: str, until: str) -> Letter:
    """To somebody who registers: go on. Without the name: anybody can type one, to any address."""
    return Letter(
        subject="Confirm your e-mail to register",
        body=(
            "Hello,\n\n"
            "confirm your e-mail and choose your user ID and password "
            f"until {until}:\n{link}\n\n"
            f"The link works once. {NOT_YOU}\n\n{HELP}"
        ),
    )


def already_registered(*, name: str, user_id: str, recover: str, active: bool) -> Letter:
    """To somebody who registers though an account with the address exists."""
    next_step = (
        f"Forgot your password? Set a new one at {recover}"
        if active
        else "The account is disabled. Contact us to have it enabled again."
    )
    return Letter(
        subject="You already have an account",
        body=(
            f"Hello {name},\n\n"
            "somebody asked to register with your e-mail. You have an account already, so "
            f"nothing was changed. Your user ID is {user_id}.\n\n{next_step}\n\n{NOT_YOU}\n\n{HELP}"
        ),
    )


def registered(*, name: str, user_id: str, sign_in: str) -> Letter:
    """To a person who just registered."""
    return Letter(
        subject="Your account is ready",
        body=(
            f"Hello {name},\n\nyour account for QPP registration is ready. Your user ID is "
            f"{user_id}. Keep this mail: you need the user ID each time you sign in.\n\n"
            f"Sign in at {sign_in}. At your first sign-in you set up two-factor authentication: "
            f"have your phone at hand.\n\n{HELP}"
        ),
    )


def your_user_id(*, name: str, user_id: str, recover: str) -> Letter:
    """To a person who forgot the user ID."""
    return Letter(
        subject="Your user ID",
        body=(
            f"Hello {name},\n\nyour user ID for QPP registration is {user_id}.\n\n"
            f"Forgot your password as well? Set a new one at {recover}\n\n{NOT_YOU}\n\n{HELP}"
        ),
    )


def new_password(*, name: str, link: str, until: str, idle_days: int) -> Letter:
    """To a person who forgot the password; `idle_days`: of a paused account, else 0."""
    paused = (
        f"Your account wasn’t used for {idle_days} days, so its password was paused to keep it "
        "safe. Nothing is lost: your account and your roles are as they were. A new password "
        "makes it work again.\n\n"
        if idle_days
        else ""
    )
    return Letter(
        subject="Set a new password",
        body=(
            f"Hello {name},\n\n{paused}set a new password until {until}:\n{link}\n\n"
            "The link works once, and only the newest one works. After that, sign in with your "
            "user ID, the new password and a one-time code.\n\n"
            f"{NOT_YOU} Your password stays as it is.\n\n{HELP}"
        ),
    )


def disabled(*, name: str) -> Letter:
    """To a person whose account was disabled, and who asked for a way in."""
    return Letter(
        subject="Your account is disabled",
        body=(
            f"Hello {name},\n\nsomebody asked for a new password or the user ID of your account. "
            f"The account is disabled, so there is none. Contact us to have it enabled again.\n\n"
            f"{NOT_YOU}\n\n{HELP}"
        ),
    )


def disabled_by_cms(*, name: str, when: str) -> Letter:
    """To a person whose account CMS staff disabled."""
    return Letter(
        subject="Your account was disabled",
        body=(
            f"Hello {name},\n\nyour account for QPP registration was disabled on {when}. You are "
            "signed out everywhere and can’t sign in. Your roles stay as they are, but nobody acts "
            "by them meanwhile.\n\n"
            f"If you think that this is wrong, contact us.\n\n{HELP}"
        ),
    )


def enabled_by_cms(*, name: str, when: str, sign_in: str, recover: str) -> Letter:
    """To a person whose account CMS staff enabled again."""
    return Letter(
        subject="Your account works again",
        body=(
            f"Hello {name},\n\nyour account for QPP registration was enabled again on {when}. "
            f"Sign in as before: {sign_in}\n\n"
            "If your password is paused because you didn’t use it for 60 days, or you don’t "
            f"remember it, set a new one: {recover}\n\n{HELP}"
        ),
    )


def password_changed(*, name: str, when: str, recover: str) -> Letter:
    """The notice of a new password."""
    return Letter(
        subject="Your password was changed",
        body=(
            f"Hello {name},\n\nyour password for QPP registration was changed on {when}. "
            "Whoever was signed in with the old one is signed out.\n\n"
            f"If this wasn’t you, set a new one at once at {recover}, and tell us.\n\n{HELP}"
        ),
    )


def confirm_email(*, link: str, until: str) -> Letter:
    """To the new address, which may be anybody's."""
    return Letter(
        subject="Confirm your new e-mail",
        body=(
            f"Hello,\n\nconfirm until {until} that this is your new e-mail:\n{link}\n\n"
            "Until then your old e-mail stays. The link works once. "
            f"{NOT_YOU}\n\n{HELP}"
        ),
    )


def email_taken(*, name: str) -> Letter:
    """To an address that somebody wants as their new one though another account has it."""
    return Letter(
        subject="Your e-mail can’t be used for a second account",
        body=(
            f"Hello {name},\n\nsomebody who is signed in asked to use this e-mail for their "
            "account. You have an account with it already, so nothing was changed. One e-mail "
            f"belongs to one account.\n\n{NOT_YOU}\n\n{HELP}"
        ),
    )


def email_changed(*, name: str, when: str, new: str) -> Letter:
    """The notice to the old and the new address; `new` as both may read it."""
    return Letter(
        subject="Your e-mail was changed",
        body=(
            f"Hello {name},\n\non {when} the e-mail of your account for QPP registration became "
            f"{new}. Mails now go there.\n\n"
            f"If this wasn’t you, tell us at once.\n\n{HELP}"
        ),
    )


def idle_warning(*, name: str, days: int, until: str, sign_in: str) -> Letter:
    """Before an account is paused."""
    return Letter(
        subject="Sign in to keep your password working",
        body=(
            f"Hello {name},\n\nyou haven’t used your account for QPP registration for {days} "
            f"days. From {until} on its password is paused, to keep the account safe. Your "
            "account and your roles stay.\n\n"
            f"To keep the password, sign in before: {sign_in}\n\n"
            "If you come later, set a new password at the sign-in page with “Recover ID or reset "
            f"password”. It takes two minutes, whenever you need it.\n\n{HELP}"
        ),
    )
