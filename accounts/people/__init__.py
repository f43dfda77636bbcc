"""People's accounts: registering, recovering, passwords, profile and e-mail."""
