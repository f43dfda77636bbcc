"""The last four digits of a phone in the database, so that an index finds them."""

from django.db.models import CharField, Func


class LastFour(Func):
    """Of ten digits. Written without a parameter, or no database would know its own index in it."""

    template = "SUBSTR(%(expressions)s, 7)"
    output_field = CharField()
