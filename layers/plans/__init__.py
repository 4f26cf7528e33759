"""What public money plans: Building Digital UK's list of premises, by postcode and small area."""
