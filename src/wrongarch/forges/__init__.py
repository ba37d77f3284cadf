"""GitHub and GitLab as places where failures are: find them by a URL, and download their capsules."""
