"""Public series of counts: one declaration and one reader each; a publisher's file is known by its headings."""
