"""What every room speaks: words, errors, records, methods, programs."""
