"""The sheet engine: from any workbook a community keeps to clean rows, with every problem named.

A file goes through these modules in this order; each can be used alone::

    safety     refuse what must not be opened, before it is opened
    reading    workbook or CSV -> RawSheet, rows as the spreadsheet program numbers them
    headers    find the header rows, recognise the columns, drop what must never be stored
    rows       tell data rows from blanks, totals, notes and repeated headers; fill addresses down
    columns    one small class for each kind of column: cell -> value, fault
    checking   all of it together: RawSheet + SheetDefinition -> CheckedSheet
    writing    tables out, and the workbook of what needs correcting

No models and no database; from Django only its translation is used.
"""
