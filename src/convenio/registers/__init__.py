"""Working groups, training, grants, vetting: built once, used by all."""
