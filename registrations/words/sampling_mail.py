"""What the mail says that tells of a sampling result (both guides, I)."""

from dataclasses import dataclass

from registrations.enums import Product
from registrations.words.letters import QUESTIONS, Letter
from registrations.words.sampling import SamplingWords

REPLACES = "This result replaces the one that we told before."


@dataclass(frozen=True, kw_only=True)
class SamplingNews:
    """A result as it is told. `replaces`: another one was told before."""

    organization: str
    number: int
    year: int
    product: Product
    words: SamplingWords
    replaces: bool
    link: str


def sampled(news: SamplingNews, *, to_official: bool) -> Letter:
    """The letter to a contact, or to a Security Official where there is no contact."""
    what = "changed sampling result" if news.replaces else "sampling result"
    role = (
        f"a Security Official of {news.organization}, and its registration has no contact"
        if to_official
        else "a contact of this registration"
    )
    return Letter(
        subject=f"{news.year} {news.product.label}: {what} for registration {news.number}",
        lead=(
            f"CMS has drawn the sample of patients for the {news.year} {news.product.label}. This "
            f"is the result for {news.organization}."
        ),
        facts=[("Registration ID", str(news.number)), ("Result", news.words.heading)],
        changes=news.words.sentences,
        advice=[
            *([REPLACES] if news.replaces else []),
            *([f"Sign in to see it with the registration: {news.link}"] if to_official else []),
        ],
        small=[QUESTIONS, f"You get this because you are {role}."],
    )
