"""
Checks of contracts about credit: guarantees and estimates of losses.
"""

from collections.abc import Iterator

from leasebook.contract.credit import Exposure, Guarantee, LossEstimate
from leasebook.contract.draft import Draft
from leasebook.contract.lease import Lease
from leasebook.values.problem import Finding, Path


def _estimates(draft: Draft) -> Iterator[tuple[Path, LossEstimate]]:
    for key, contract in draft.contracts.items():
        if isinstance(contract, Guarantee | Exposure):
            for number, estimate in enumerate(contract.estimates):
                yield ("contracts", key, "estimates", number), estimate


def losses_are_estimated_in_one_way(draft: Draft) -> Iterator[Finding]:
    """A loss is a rate, a probability with a loss given default, or an amount observed."""
    for path, one in _estimates(draft):
        ways = {
            "loss_rate": one.loss_rate is not None,
            "probability_of_default": one.probability_of_default is not None,
            "observed_loss": one.observed_loss is not None,
        }
        said = [way for way, is_said in ways.items() if is_said]
        halves = (one.probability_of_default is None) != (one.loss_given_default is None)
        if len(said) > 1:
            cause = f"the loss is estimated by {said[0]} and by {said[1]}"
            other = (*path, said[0])
            yield Finding("LB0430", (*path, said[1]), cause, "keep one", "key", other=other)
        elif halves:
            cause = "a probability of default goes with a loss given default"
            yield Finding("LB0430", path, cause, "write both", "header")
        elif not said:
            cause = "the estimate does not say the loss"
            fix = "add loss_rate, observed_loss, or probability_of_default and loss_given_default"
            yield Finding("LB0430", path, cause, fix, "header")
        elif one.observed_loss is not None and one.gross is not None and one.gross.value == 0:
            cause = "a loss is observed on an amount of nothing"
            yield Finding("LB0430", (*path, "gross"), cause, "write the amount exposed")
    for key, contract in draft.contracts.items():
        if isinstance(contract, Exposure) and contract.covers is None:
            for number, one in enumerate(contract.estimates):
                if one.gross is None:
                    place: Path = ("contracts", key, "estimates", number)
                    cause = "the estimate does not say the amount exposed"
                    fix = "add gross = ..., or covers to the exposure"
                    yield Finding("LB0103", place, cause, fix, "header")


def guarantees_last_whole_periods(draft: Draft) -> Iterator[Finding]:
    """The term of a guarantee is a whole number of its periods."""
    for key, contract in draft.contracts.items():
        if not isinstance(contract, Guarantee) or contract.term.value is None:
            continue
        if contract.term.value.months % contract.every.months:
            cause = f"{contract.term.value} are no whole number of periods ({contract.every})"
            fix = "choose a term that the period divides, or another period"
            path, other = ("contracts", key, "term"), ("contracts", key, "every")
            yield Finding("LB0411", path, cause, fix, other=other)


def guarantees_say_their_worth_once(draft: Draft) -> Iterator[Finding]:
    """A fair value that is stated leaves no rates to estimate it from; rates come in a pair."""
    for key, contract in draft.contracts.items():
        if not isinstance(contract, Guarantee):
            continue
        path: Path = ("contracts", key)
        rates = (contract.guaranteed_rate, contract.unguaranteed_rate)
        if contract.fair_value is not None and any(rates):
            cause = "the guarantee has both a fair value and rates to estimate it from"
            place = (*path, "fair_value")
            yield Finding("LB0430", place, cause, "keep one of them", "key")
        elif any(rates) and (not all(rates) or contract.principal is None):
            cause = "interest with and without the guarantee is not all there"
            fix = "write principal, guaranteed_rate and unguaranteed_rate"
            yield Finding("LB0430", path, cause, fix, "header")


def maxima_of_guarantees_can_be_told(draft: Draft) -> Iterator[Finding]:
    """A maximum that falls with rents is of a guarantee of leases, one that falls level has one."""
    for key, contract in draft.contracts.items():
        if not isinstance(contract, Guarantee):
            continue
        path: Path = ("contracts", key, "decline")
        with_rents = contract.decline in ("rents-left", "in-proportion")
        if with_rents and not contract.covers_leases:
            cause = f"decline is {contract.decline}, and the guarantee covers no lease"
            yield Finding("LB0457", path, cause, "add covers_leases = [...]")
        elif contract.decline in ("in-proportion", "level") and contract.principal is None:
            cause = f"decline is {contract.decline}, and the guarantee has no principal"
            yield Finding("LB0457", path, cause, "add principal = ...")


def covered_leases_are_the_debtors(draft: Draft) -> Iterator[Finding]:
    """A guarantor of rents is not the tenant, and the tenant is the debtor of the guarantee."""
    for key, contract in draft.contracts.items():
        if not isinstance(contract, Guarantee):
            continue
        for number, name in enumerate(contract.covers_leases):
            lease = draft.contracts.get(name)
            if isinstance(lease, Lease) and lease.lessee != contract.debtor:
                path: Path = ("contracts", key, "covers_leases", number)
                cause = f"{name} is a lease of {lease.lessee}, and the debtor is {contract.debtor}"
                other = ("contracts", key, "debtor")
                yield Finding("LB0458", path, cause, "correct one of the two", other=other)


def guarantees_are_worth_something_later(draft: Draft) -> Iterator[Finding]:
    """What a guarantee is worth later is said in order of time, after the day of issue."""
    for key, contract in draft.contracts.items():
        if not isinstance(contract, Guarantee):
            continue
        before: Path = ("contracts", key, "issued")
        last = contract.issued.value
        for number, value in enumerate(contract.fair_values):
            path: Path = ("contracts", key, "fair_values", number, "date")
            day = value.date.value
            if day is not None and last is not None and day <= last:
                cause = f"the value of {day} does not come after {last}"
                yield Finding("LB0404", path, cause, "correct one of the two", other=before)
            before, last = path, day if day is not None else last
