"""The console's pages, one file per place people go to."""
