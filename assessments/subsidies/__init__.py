"""The subsidy for 协理员 by person and month (珠海三（五）): a computation that knows no Django, what it is computed
from (``reckoning``), and what was paid (``paying``)."""
