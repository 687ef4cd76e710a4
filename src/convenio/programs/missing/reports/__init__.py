"""Reports that can be put in a file: everything needed to repeat the computation is in them."""
