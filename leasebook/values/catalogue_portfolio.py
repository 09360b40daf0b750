"""
Error codes of tables of leases, as `leasebook portfolio` reads them.
"""

from leasebook.values.code import Code

PORTFOLIO = (
    Code("LB0620", "A table without a column it needs",
         "A column that every table of this kind has is missing, stands twice, or is mapped to a "
         "heading that is not there.",
         "Add or rename the column, or name its heading in a mapping file (--map)."),
    Code("LB0621", "A heading that is nearly ours",
         "A heading is so like a column of ours that it is taken for a misspelt one; a column that "
         "is silently left out could change every number.",
         "Rename it, or list it under ignore in a mapping file."),
    Code("LB0622", "A row of another length",
         "The row has more cells than there are headings, or fewer.",
         "Put quotes around text that holds the mark between cells."),
    Code("LB0623", "An empty cell that needs a value",
         "The column has no default: what is not stated is not taken as nothing.",
         "Write a value, or give a default in a mapping file."),
    Code("LB0624", "A cell that is no number",
         "Amounts and rates are digits with a point; separators of thousands and decimal commas "
         "can be read in two ways and are refused unless a mapping file says what they are.",
         "Write digits and a point, or say [file] decimal and thousands in a mapping file."),
    Code("LB0625", "A value beyond its bounds",
         "An amount has more decimals than its currency, is below zero or beyond 2^50 minor units; "
         "a rate is outside -99 % to 100 %; a term, an id or a text is too long; leaving costs a "
         "penalty, which columns do not measure.",
         "Check the value, and its unit; write a lease with a penalty for leaving as a deal."),
    Code("LB0626", "A cell that is no day",
         "Days are written year-month-day, 2026-01-31, between 1900 and 2999, without a time.",
         "Write the day so, or say [file] dates in a mapping file."),
    Code("LB0627", "A cell that is none of the words of its column",
         "The column takes some words, an id, or text that can be seen.",
         "Write one of the words, or map yours under [values] in a mapping file."),
    Code("LB0628", "A lease that stands twice",
         "Two rows have the same id.",
         "Give every lease an id of its own."),
    Code("LB0629", "Text that is no table",
         "A quote is not closed or stands in the middle of a cell, or the file is of another kind "
         "than its ending says.",
         "Put quotes around the whole cell, and double those inside it."),
    Code("LB0630", "A table without leases",
         "The file is empty, or has nothing below its headings.",
         "Start with `leasebook new --portfolio`."),
    Code("LB0631", "A workbook that cannot be read",
         "The workbook is damaged, encrypted, too big or of an old kind, or has no such sheet.",
         "Save it as .xlsx without a password; call the sheet leases, or name it in a mapping "
         "file."),
    Code("LB0632", "A file that is no Parquet",
         "The file is damaged, or is of another kind than its ending says.",
         "Write it again."),
    Code("LB0633", "A cell with a formula",
         "What a formula shows is kept in a workbook by the program that computed it last, and may "
         "be old or missing; a cell with an error has no value.",
         "Copy the cells and paste them as values."),
    Code("LB0634", "A mapping file that says something else",
         "A mapping file has the parts file, columns, values, defaults and ignore, and names "
         "columns that there are.",
         "Correct what the message names."),
    Code("LB0635", "Cells that contradict each other",
         "A term is no whole number of periods, a day is not the first of a period, something is "
         "said twice in different places, or one cell cannot be true beside another.",
         "Correct one of them."),
    Code("LB0636", "A row about a lease that is not there",
         "A row of options, guarantees, steps or events names a lease that no file has.",
         "Check the id, or leave the row out."),
    Code("LB0639", "A folder that holds something else",
         "The folder for parts, journal or schedules holds files that this run would not write, or "
         "parts of a run with other settings.",
         "Name an empty folder, or one that is not there.", 3),
)  # fmt: skip
