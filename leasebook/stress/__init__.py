"""
Stress: what a deal's contracts pay when a tenant stops or an asset loses value, and who loses.
"""
