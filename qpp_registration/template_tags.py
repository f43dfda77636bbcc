"""What every template can use without loading it."""

from django import template

from qpp_registration import drawn

register = template.Library()
register.simple_tag(drawn.icon, name="icon")
register.simple_tag(drawn.line, name="line")
register.simple_tag(drawn.errors, name="errors")
