"""What keeps passwords, codes and names from being guessed."""
