"""The site that mkdocs makes of the documentation, and a check of what it made."""
