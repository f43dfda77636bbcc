"""Who is told of what became of a registration, and what the mails came to."""
