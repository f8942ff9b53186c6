"""The subsidy for 协理员 by person and month (珠海三（五）). Pure: no database, no Django."""
