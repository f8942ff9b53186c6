"""抽查: facilities drawn at random by a seed, surveyed again by somebody who does not know the report, compared."""
