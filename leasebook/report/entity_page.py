"""
What every page of one entity's figures says of itself.
"""

from typing import Any

import attrs


@attrs.frozen
class EntityPage:
    """The entity, the framework, basis and scenario it is measured under, unit and periods."""

    deal: str
    entity: str
    entity_name: str
    framework: str
    basis: str
    scenario: str
    currency: str
    periods: tuple[str, ...]

    def heading(self) -> dict[str, Any]:
        """What JSON holds of it; the name is for people."""
        return {
            "deal": self.deal,
            "entity": self.entity,
            "framework": self.framework,
            "basis": self.basis,
            "scenario": self.scenario,
            "currency": self.currency,
            "periods": list(self.periods),
        }
