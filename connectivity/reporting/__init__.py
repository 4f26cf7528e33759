"""The same premises by any other boundary, reconciled to the build."""
