"""Where harm from drugs is rising, and where help is needed."""
