"""The checks of every exercise, one package per chapter, one module per exercise."""
