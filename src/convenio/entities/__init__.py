"""Who is who: identifiers, names, comparison, match keys, resolution."""
