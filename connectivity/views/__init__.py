"""The pages: one per question. They arrange what `connectivity` concludes; they compute nothing."""
