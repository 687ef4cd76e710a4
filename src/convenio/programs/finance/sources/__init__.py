"""Where the lists come from; one reader and one description per publisher's form."""
