"""Public series of counts: one declaration and one reader each; a publisher's file is known by its headings.

A file that is to be read as a record type is first shown to the function that `REFUSED` names for it.
"""

REFUSED = {"count": "reading:no_publishers_own"}
