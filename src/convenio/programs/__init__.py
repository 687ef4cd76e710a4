"""One folder per field, all with the same file names."""
