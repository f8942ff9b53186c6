"""考核 of a year: four named indicators of each unit with their weights, a person's adjustments beside them."""
