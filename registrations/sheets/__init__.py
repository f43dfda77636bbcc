"""Registration sheets: downloading the list, checking an uploaded sheet, applying it."""
