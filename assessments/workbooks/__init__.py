"""核查表 as an Excel workbook: filled at a desk for a whole town, sent back, compared, confirmed."""
