"""
The commands by name, with the line that help shows: read without importing any of them.
"""

#: In the order a newcomer meets them.
COMMANDS = {
    "demo": "Statements of the packaged deal: Meta's Hyperion campus.",
    "statements": "Statements side by side: as filed, vehicles, eliminations, as consolidated.",
    "bridge": "From as filed to as consolidated, entry by entry, with paragraph.",
    "determine": "Every decision: what the filer says, what the rules conclude, and the margin.",
    "flip": "The smallest changes of terms and judgements that alter each outcome.",
    "explain": "A statement line, entry or decision traced back to clause and source.",
    "schedule": "The measured schedules of the contracts.",
    "journal": "The entries of one book.",
    "ledger": "The accounts of one book.",
    "disclosures": "The notes on leases and notes issued: maturities, averages, commitments.",
    "flows": "Money between the parties of deals: circles, and whose money pays for sales.",
    "exposures": "What is owed beside the balance sheet, by sponsor and year, each once.",
    "credit": "Debt and earnings as filed, as consolidated, and as agencies adjust them.",
    "portfolio": "A portfolio of leases from CSV, Excel or Parquet: totals, statements, ledgers.",
    "stress": "Who loses what when a tenant stops paying or an asset loses value.",
    "check": "Validate deal files; silence if all is well.",
    "rule": "The page of a rule, or of an error code.",
    "coverage": "The paragraphs modelled, how each is verified, and what is left out.",
    "schema": "The JSON Schema of deal files, for editors.",
    "new": "Write a commented sample deal, or sample tables of a portfolio.",
}

EPILOG = (
    "Exit codes: 0 done (open decisions included), 1 findings in the input, 2 usage, "
    "3 files and disks, 4 integrity."
)
