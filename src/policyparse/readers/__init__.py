"""Bytes -> Document, one module per format."""
