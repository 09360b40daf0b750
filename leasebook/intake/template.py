"""
Tables to begin a portfolio with, as `leasebook new --portfolio` writes them.
"""

from collections.abc import Mapping

_LEASES = """\
id,entity,counterparty,currency,commencement_date,term_months,payment,every,in,rate,\
rate_convention,fair_value,economic_life_months,title_transfers,no_alternative_use
HALL-3,TENANT-INC,Owner LLC,USD,2026-01-01,60,50000,month,advance,6.5%,effective-annual,9000000,\
480,no,no
TRUCK-17,TENANT-INC,Fleet & Co,USD,2026-03-15,48,2450.50,month,arrears,7.2%,nominal,110000,96,no,no
RACKS-2,TENANT-GMBH,Rack Lease AG,EUR,2025-07-01,36,180000,quarter,advance,5%,effective-annual,\
2100000,60,no,no
"""

_OPTIONS = """\
lease,kind,term_months,times,payment,price,reasonably_certain
HALL-3,renewal,60,1,55000,,no
TRUCK-17,purchase,,,,20000,no
"""

_GUARANTEES = """\
lease,guarantor,amount,expected_payment
TRUCK-17,lessee,15000,2000
"""

_STEPS = """\
lease,date,payment
HALL-3,2028-01-01,52000
HALL-3,2030-01-01,54000
"""

_EVENTS = """\
lease,date,kind,amount,months,rate,index_level,retained_share,fair_value,order
RACKS-2,2026-07-01,extended,175000,36,5.5%,,,1900000,
"""

_MAPPING = """\
# How somebody else's table says what ours says: leasebook portfolio theirs.csv --map mapping.toml
# Everything after # is a comment, and every part may be left out.

[file]
delimiter = ";"          # between cells; found out by itself if it is not said
decimal   = ","          # 1.234,50 is one thousand two hundred and thirty-four and a half
thousands = "."
dates     = "DD.MM.YYYY"
# sheet   = "Vertraege"  # of a workbook, if it is not called leases

[columns]                # ours = "theirs"
id                = "Vertrag"
entity            = "Gesellschaft"
commencement_date = "Beginn"
term_months       = "Laufzeit"
payment           = "Rate"

[values.every]           # "theirs" = "ours"
monatlich = "month"

[defaults]               # of a column that is missing, or of an empty cell
currency        = "EUR"
every           = "month"
in              = "arrears"
rate_convention = "nominal"
"""


def templates() -> Mapping[str, str]:
    """
    The text of every table by the name of its file; the tables belong together.

    Example:
        >>> list(templates())
        ['leases.csv', 'options.csv', 'guarantees.csv', 'steps.csv', 'events.csv', 'mapping.toml']
    """
    return {
        "leases.csv": _LEASES,
        "options.csv": _OPTIONS,
        "guarantees.csv": _GUARANTEES,
        "steps.csv": _STEPS,
        "events.csv": _EVENTS,
        "mapping.toml": _MAPPING,
    }
