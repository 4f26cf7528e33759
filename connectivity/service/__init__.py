"""Whether a service may go online only: services, marks, a decision for each small area, and its words."""
