"""通报 of a quarter: figures by unit, who is behind and why, and what a person decided on it."""
