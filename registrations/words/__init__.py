"""What people read about registrations, on pages, in mails and in files."""
