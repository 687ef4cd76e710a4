"""Plain files: look at them, read them, map them to record types, write results."""
