"""
Room 9: what people look at: tables, and the pages that are made of them.
"""
