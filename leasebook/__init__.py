"""
Lease contracts between companies and their vehicles, by cited rules, into books and statements.
"""

__version__ = "0.1.0"
