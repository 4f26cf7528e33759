"""What leaves the building: files that can be checked, and how to check them."""
