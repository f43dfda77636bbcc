"""What the rows of the access table are made of."""

READS = ("GET", "HEAD", "OPTIONS")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
PERSONS = (
    "anonymous",
    "password",  # gave the password, not yet the code
    "no_role",
    "staff_user",
    "official",
    "other",  # the official of another organization
    "cms",  # CMS staff without a role
)

# A row for each URL: what GET and POST give to each person, in the order above; one word is for
# all. A number is the status of a page, a name the URL that is redirected to. HEAD is like GET.
# Every other method gives 405, or the way to the sign-in page where GET leads there by the closed
# door.
Rows = dict[str, tuple[str, str]]
CLOSED = "sign_in sign_in "
HOME = " home home home home home"
NEVER = CLOSED + "405 405 405 405 405"
