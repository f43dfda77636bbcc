"""E-mail over SMTP, with the server of the setting EMAIL_URL."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from accounts.channels.base import DeliveryFailed, DeliveryRefused

PERMANENT = 500  # reply codes from here on


class SmtpChannel:
    """Sends one mail at a time through django.core.mail: text, and in HTML if it has that."""

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def send(self, *, to: str, subject: str, body: str, message_id: str, html: str = "") -> None:
        """Send the mail. Its Message-ID stays the same when it is tried again.

        Raises DeliveryRefused when the server will never take it, else DeliveryFailed.
        """
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        mail = EmailMultiAlternatives(
            subject=subject,
            body=body,
            to=[to],
            headers={"Message-ID": f"<{message_id}@{domain}>"},
            connection=get_connection(),
        )
        if html:
            mail.attach_alternative(html, "text/html")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=0)
            raise _verdict(code) from error
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code) from error
        except ValueError as error:  # a line break in a header, an address that is none
            raise DeliveryRefused("The mail has an address or subject that can't be sent.") from (
                error
            )
        # What else the server says (no sign-in, sender not allowed) is about our set-up: the
        # message waits until that is mended.
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"{type(error).__name__} while talking to the server.") from error


def _verdict(code: int) -> DeliveryRefused | DeliveryFailed:
    text = f"The mail server answered {code}."
    return DeliveryRefused(text) if code >= PERMANENT else DeliveryFailed(text)
