"""建设期限: what a sentence of a standard wanted done by a day, and how each unit's bodies stand to it."""
