"""What to build and test: the recipe's model, its source, and the kinds of suites with their result readers."""
