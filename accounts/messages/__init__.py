"""The outbox: queueing, sending, what came back, and links that are mailed."""
