"""What the mail says that tells of a sampling result (both guides, I)."""

from dataclasses import dataclass

from registrations.enums import Product
from registrations.sampling_words import SamplingWords

TEXT = """\
CMS has drawn the sample of patients for the {year} {product}. The result for {organization} \
(registration ID {number}){replaces}:

{heading}

{sentences}
{link}
Questions? Contact the Quality Payment Program, Monday through Friday between 8 a.m. and 8 p.m. \
ET: 1-866-288-8292 (TRS: 711), QPP@cms.hhs.gov. Please give the registration ID.

You get this because you are {role}.
"""


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


def subject_of(news: SamplingNews) -> str:
    """The subject: of what, for which registration, whether it is a new result."""
    what = "changed sampling result" if news.replaces else "sampling result"
    return f"{news.year} {news.product.label}: {what} for registration {news.number}"


def body_of(news: SamplingNews, *, to_official: bool) -> str:
    """The text, for a contact, or for a Security Official where there is no contact."""
    return TEXT.format(
        year=news.year,
        product=news.product.label,
        organization=news.organization,
        number=news.number,
        replaces=" has changed. It replaces the one that we told before" if news.replaces else "",
        heading=news.words.heading,
        sentences="\n".join(f"- {sentence}" for sentence in news.words.sentences),
        link=f"\nSign in to see it with the registration: {news.link}\n" if to_official else "",
        role=(
            f"a Security Official of {news.organization}, and its registration has no contact"
            if to_official
            else "a contact of this registration"
        ),
    )
