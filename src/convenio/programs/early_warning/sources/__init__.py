"""Public series of counts: one declaration and one reader each."""
