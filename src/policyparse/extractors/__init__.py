"""One module per kind of fact."""
