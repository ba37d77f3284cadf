"""From `ci/matrix.toml` to the jobs of a pipeline, and to the files that GitHub Actions and GitLab CI read."""
