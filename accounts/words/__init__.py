"""What people read about their accounts, roles and sessions, on pages and in mails."""
