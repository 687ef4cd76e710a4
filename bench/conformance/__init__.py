"""Reference suites: our figures beside those of the engines that experts trust, case by case."""
