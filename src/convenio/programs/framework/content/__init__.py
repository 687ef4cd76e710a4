"""What the program ships with: the joint statement's commitments, in our own words in both languages."""
