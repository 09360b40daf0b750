"""
Stated accounts become a schedule: what came in and went out in each period.
"""

from leasebook.contract.accounts import StatedAccounts
from leasebook.measure.schedule import Movement, Schedule, assemble
from leasebook.measure.setting import Setting

_FLOWS = ("borrowed", "repaid", "invested", "income", "costs", "interest", "gains")


def stated_schedule(contract: StatedAccounts, setting: Setting) -> Schedule:
    """
    The movements that lead from one stated balance to the next, on the last day of each period.

    Debt that rises is borrowed, debt that falls is repaid. What investments rise by beyond gains
    is paid for; below nothing it comes back.

    Source: ASC 205-10-45-1A; IAS 1.38.

    Args:
        contract: Balances and results by period.
        setting: Gives the currency.

    Returns:
        Schedule "stated-accounts", minor units, with the balances of debt and investments.
    """
    rows, debt, invested = [], 0, 0
    for at, period in enumerate(contract.periods, 1):
        flows = {
            name: setting.minor(getattr(period, name))
            for name in ("income", "costs", "interest", "gains")
        }
        owed = debt if period.borrowings is None else setting.minor(period.borrowings)
        held = invested + flows["gains"]
        if period.investments is not None:
            held = setting.minor(period.investments)
        flows["borrowed"], flows["repaid"] = max(0, owed - debt), max(0, debt - owed)
        flows["invested"] = held - invested - flows["gains"]
        debt, invested = owed, held
        rows.append(Movement(period.ends.get(), 1, at, flows))
    balances = {
        "borrowings": {"borrowed": 1, "repaid": -1},
        "investments": {"invested": 1, "gains": 1},
    }
    parties = (contract.id, contract.entity, contract.other)
    return assemble("stated-accounts", parties, balances, _FLOWS, rows)
