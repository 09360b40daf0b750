"""
What is owed beside the balance sheet, added up once, and debt as those who rate it adjust it.
"""
