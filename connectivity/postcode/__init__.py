"""One postcode: what people type, the tables a build writes, the answer, its letters and its words."""
