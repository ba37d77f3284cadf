"""The kinds of suites: what each one runs, and how it judges what came out."""
