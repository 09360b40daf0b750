"""
A second computation of leases, written from the paragraphs and apart from the engine.

It takes the same contract classes and shares nothing else with leasebook. Amounts are exact
fractions of currency units and are never rounded; a balance is the present value of what is left,
an asset is a closed form of its epoch, and nothing is carried from one period to the next. Rates
per period are part of a lease's definition: frozen at fifteen decimals where they are irrational.
"""
