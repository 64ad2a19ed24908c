"""Notice -> a format, one module per family."""
