"""看板: how an area stands, drilled from the city to a unit, a town and its facilities. Reads summaries only."""
