"""Lists there and back: divisions, facilities, officers and registered facts by CSV and Excel. Read in the bounded
child, compared without changing anything, confirmed, and then done in one transaction; refused lines go back with the
reasons.

``lines`` says what a list is, ``reading`` finds its rows, one module per kind reads a row, compares and applies,
``staging`` keeps what waits for the confirmation, ``workbook`` writes."""
