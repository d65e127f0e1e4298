"""For authors of exercises: what do the checks see, and what do they miss?

`coverage` looks at the answers on file, `mutants` at slips that nobody has put on file.
"""
