"""A run: plan, workers, results, proofs, and the folder in which all of it is kept."""
