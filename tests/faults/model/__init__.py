"""A model of the rules, and the services beside it."""
