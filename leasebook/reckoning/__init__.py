"""
Room 1: arithmetic of whole numbers, rates and dates, without an accounting word.
"""
