"""规范对照 over an area: of each explained difference between two editions, how many facilities it sets apart."""
