"""Where the money should go: what each place's remedy costs, and the best choice under a budget (method §8)."""
