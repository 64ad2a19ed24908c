"""Read Chinese policy notices as validated, traceable data."""
