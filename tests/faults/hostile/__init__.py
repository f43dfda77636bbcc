"""Input that nobody types by accident, in every form and at every address."""
