"""
Room 8: presentation (layouts, lines by period and column, ratios, the bridge).
"""
