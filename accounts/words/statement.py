"""The Statement of Truth that everybody agrees to at each sign-in (2022 and 2023 guide, III)."""

# Stored with each acceptance. A changed text gets a new version.
VERSION = "2022-1"

LEAD_IN = "In order to sign in, you must agree to this:"
TEXT = (
    "I certify to the best of my knowledge that all "
    "of the information that will be submitted will be true, accurate, and complete. If I become "
    "aware that any submitted information is not true, accurate, and complete, I will correct "
    "such information promptly. I understand that the knowing omission, misrepresentation, or "
    "falsification of any submitted information may be punished by criminal, civil, or "
    "administrative penalties, including fines, civil damages, and/or imprisonment."
)
