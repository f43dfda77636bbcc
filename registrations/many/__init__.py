"""Many organizations at once: choose, review, confirm, an outcome for each."""
