"""Public lists and series: declared in one file each, pulled from their publishers, checked before they are used."""
