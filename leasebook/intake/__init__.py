"""
Tables of leases from CSV, Excel and Parquet: read in pieces, checked cell by cell, as columns.
"""
