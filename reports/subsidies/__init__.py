"""补助结算: statements of the subsidy for 协理员 by city, unit, town and station, as page, Excel and PDF."""
