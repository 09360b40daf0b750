"""
Checks of names: ids, references between parts, sources, and who states what.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

import attrs

from leasebook.contract.accounts import StatedAccounts
from leasebook.contract.credit import Exposure, Guarantee
from leasebook.contract.deal import (
    AS_LESSOR,
    GROUPINGS,
    Assertion,
    Asset,
    Basis,
    StatedFact,
    StatedTable,
)
from leasebook.contract.draft import Draft
from leasebook.contract.event import Event
from leasebook.contract.group import Acquisition
from leasebook.contract.lease import Lease
from leasebook.contract.model import (
    Construction,
    Contribution,
    Distribution,
    EquityInterest,
    ResidualValueGuarantee,
    Sale,
    kind_of,
)
from leasebook.contract.note import Note
from leasebook.contract.outcome import parse_outcome
from leasebook.contract.shape import file_keys
from leasebook.contract.share import signed_id
from leasebook.contract.warrant import Warrant
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding, Path

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z", re.IGNORECASE)

#: The section that each field of a class refers to, and the class of contract that it wants.
_REFERENCES: dict[type, dict[str, tuple[str, type | None]]] = {
    Asset: {"owner": ("entities", None)},
    Event: {"scenario": ("scenarios", None), "new_lessee": ("entities", None)},
    Basis: {"scenario": ("scenarios", None)},
    Lease: {"asset": ("assets", None), "head_lease": ("contracts", Lease)},
    Note: {"purpose": ("assets", None)},
    Contribution: {
        "interest": ("contracts", EquityInterest),
        "asset": ("assets", None),
        "tied_to": ("contracts", None),
    },
    Distribution: {"interest": ("contracts", EquityInterest), "passes_on": ("contracts", Lease)},
    Construction: {"asset": ("assets", None)},
    Sale: {"asset": ("assets", None)},
    ResidualValueGuarantee: {"covers_leases": ("contracts", Lease)},
    Guarantee: {"beneficiary": ("entities", None), "covers_leases": ("contracts", Lease)},
    StatedAccounts: {"scenario": ("scenarios", None)},
    Exposure: {"covers": ("contracts", None)},
    Acquisition: {
        "acquired": ("entities", None),
        "interest": ("contracts", EquityInterest),
        "excess_on": ("assets", None),
    },
    Warrant: {"in_exchange_for": ("contracts", None)},
}


def ids_are_plain(draft: Draft) -> Iterator[Finding]:
    """Ids are short, plain ASCII and safe as names of files."""
    places: list[tuple[Path, str]] = [
        ((section, name), name) for section, names in draft.declared.items() for name in names
    ]
    places += [(("bases", number, "id"), basis.id) for number, basis in draft.bases.items()]
    for path, name in sorted(places, key=lambda place: place[1]):
        odd = [c for c in name if not c.isascii()]
        if _RESERVED.match(name):
            cause = f"{name} is a name that some operating systems keep for themselves"
            yield Finding("LB0111", path, cause, "choose another id", "header")
        elif odd:
            codes = ", ".join(f"U+{ord(c):04X}" for c in odd[:4])
            cause = f"the id {name} holds {codes}, which may look like another letter"
            yield Finding("LB0111", path, cause, "write letters a-z, digits, - and _", "header")
        elif not _ID.match(name):
            cause = f"{name[:80]!r} is no id"
            fix = "write letters a-z, digits, - and _, at most 64, a letter or digit first"
            yield Finding("LB0111", path, cause, fix, "header")


def ids_differ(draft: Draft) -> Iterator[Finding]:
    """Ids of one section are not the same but for upper and lower case."""
    for section in draft.declared:
        seen: dict[str, str] = {}
        for name in draft.tables.get(section, ()):
            first = seen.setdefault(name.casefold(), name)
            if first != name:
                cause = f"the ids {first} and {name} differ only in upper and lower case"
                fix = "give one of them another id"
                place = (section, name)
                yield Finding("LB0110", place, cause, fix, "header", other=(section, first))


def bases_differ(draft: Draft) -> Iterator[Finding]:
    """No two bases have one id."""
    seen: dict[str, int] = {}
    for number, basis in draft.bases.items():
        first = seen.setdefault(basis.id, number)
        if first != number:
            path, other = ("bases", number, "id"), ("bases", first, "id")
            cause = f"two bases are called {basis.id}"
            yield Finding("LB0110", path, cause, "give one of them another id", other=other)


def references_lead_somewhere(draft: Draft) -> Iterator[Finding]:
    """What a part refers to is declared, and is a contract of the kind that is wanted."""
    if draft.deal is not None:
        yield from refer(draft, ("deal", "reporting"), draft.deal.reporting, "entities", None)
    for section, key, part in draft.parts():
        keys = file_keys(type(part)) if attrs.has(type(part)) else {}
        for field in attrs.fields(type(part)):
            if field.metadata.get("party"):
                path = (section, key, keys[field.name])
                yield from refer(draft, path, getattr(part, field.name), "entities", None)
        for name, (wanted, cls) in _REFERENCES.get(type(part), {}).items():
            value = getattr(part, name)
            for number, one in enumerate(value if isinstance(value, tuple) else ()):
                yield from refer(draft, (section, key, keys[name], number), one, wanted, cls)
            if isinstance(value, str):
                yield from refer(draft, (section, key, keys[name]), value, wanted, cls)
        if isinstance(part, ResidualValueGuarantee):
            for number, reading in enumerate(part.readings):
                place: Path = (section, key, "readings", number, "note")
                yield from refer(draft, place, reading.note, "contracts", Note)


def refer(draft: Draft, path: Path, name: str, section: str, cls: type | None) -> Iterator[Finding]:
    """
    What is wrong with a reference to a part of a deal.

    Args:
        draft: What is declared.
        path: Where the reference stands.
        name: What it names.
        section: In which section that is.
        cls: The class of contract that it has to be; None for any.
    """
    if name not in draft.declared[section]:
        cause = f"no {_SINGULAR[section]} is called {name}"
        yield Finding("LB0301", path, cause, nearest(name, draft.declared[section]))
        return
    contract = draft.contracts.get(name)
    if cls is not None and contract is not None and not isinstance(contract, cls):
        alike = [other for other, one in draft.contracts.items() if isinstance(one, cls)]
        cause = f"{name} is a contract of kind {kind_of(contract)}, and {_KIND[cls]} is wanted"
        yield Finding("LB0301", path, cause, nearest(name, alike))


_SINGULAR = {
    "entities": "entity",
    "assets": "asset",
    "contracts": "contract",
    "scenarios": "scenario",
    "sources": "source",
}
_KIND = {Lease: "a lease", Note: "a note", EquityInterest: "an equity interest"}


def subjects_are_something(draft: Draft) -> Iterator[Finding]:
    """Facts and the like are about a part, a pair, a component, or a group that a table lists."""
    entities = draft.declared["entities"]
    components = {name for _, key, part in draft.parts() for name in _parts_of(key, part)}
    components |= {
        part.about
        for _, _, part in draft.parts()
        if isinstance(part, StatedTable) and part.table in GROUPINGS
    }
    components |= {
        f"{key}/{part.debtor}" for _, key, part in draft.parts() if isinstance(part, Guarantee)
    }
    known = frozenset().union(*(draft.declared[s] for s in ("entities", "assets", "contracts")))
    components |= set(_later(draft, components))
    for section, key, part in draft.parts():
        about = getattr(part, "about", None)
        if about is None or about in known or about in components:
            continue
        sides = about.split("/")
        if len(sides) == 2 and entities.issuperset(sides):
            continue
        if len(sides) == 2:
            wrong = next(side for side in sides if side not in entities)
            cause, advice = f"no entity is called {wrong}", nearest(wrong, entities)
        else:
            cause = f"no entity, asset or contract is called {about}"
            advice = nearest(about, known)
        yield Finding("LB0301", (section, key, "about"), cause, advice)


def _later(draft: Draft, components: AbstractSet[str]) -> Iterator[str]:
    """Leases on the days of their events, and what changes on them."""
    for event in draft.events.values():
        if event.date.value is None:
            continue
        whole = signed_id(event.contract)
        parts = (name for name in components if name.startswith(f"{whole}/"))
        for name in (event.contract, *parts):
            yield f"{name}@{event.date.value}"
            yield f"{name}@{event.date.value}/change"


def _parts_of(key: Any, part: Any) -> Iterator[str]:
    """The components of a lease, its services for its lessor, and a lease that is taken over."""
    if isinstance(part, Event) and part.new_lessee is not None:
        yield f"{part.contract}/{part.new_lessee}"
    if isinstance(part, Lease):
        yield f"{key}/{part.asset}"
        for component in part.components:
            yield f"{key}/{component.name}"
            yield f"{key}/{component.name}/{AS_LESSOR}"
        yield f"{key}/{AS_LESSOR}"


def sources_are_declared(draft: Draft) -> Iterator[Finding]:
    """Every source that a table names is in [sources]."""
    declared = draft.declared["sources"]
    for section, content in draft.tables.items():
        if section != "sources" and isinstance(content, dict | list):
            yield from _undeclared((section,), content, declared)


def _undeclared(path: Path, raw: Any, declared: frozenset[str]) -> Iterator[Finding]:
    if isinstance(raw, dict):
        source = raw.get("source")
        if isinstance(source, str) and source not in declared:
            cause = f"no source is called {source}"
            advice = f"add it to [sources]; {nearest(source, declared)}"
            yield Finding("LB0301", (*path, "source"), cause, advice)
    items = raw.items() if isinstance(raw, dict) else enumerate(raw)
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from _undeclared((*path, key), inner, declared)


def perimeters_name_entities(draft: Draft) -> Iterator[Finding]:
    """A perimeter names entities that are there."""
    for number, basis in draft.bases.items():
        perimeter = basis.perimeter or {}
        for name in perimeter:
            if name not in draft.declared["entities"]:
                cause = f"no entity is called {name}"
                advice = nearest(name, draft.declared["entities"])
                yield Finding("LB0301", ("bases", number, "perimeter", name), cause, advice, "key")
            elif not _keeps_books(draft, name) and perimeter[name] != "outside":
                cause = f"{name} keeps no books, so a perimeter cannot hold it"
                advice = 'write "outside", or leave it out of the perimeter'
                yield Finding("LB0301", ("bases", number, "perimeter", name), cause, advice, "key")
    header = draft.deal
    reporting = draft.entities.get(header.reporting) if header is not None else None
    if reporting is not None and not reporting.keeps_books:
        cause = f"{reporting.id} keeps no books, so it has no statements"
        yield Finding("LB0301", ("deal", "reporting"), cause, "name an entity that keeps books")


def _keeps_books(draft: Draft, name: str) -> bool:
    return name not in draft.entities or draft.entities[name].keeps_books


def interests_make_no_circle(draft: Draft) -> Iterator[Finding]:
    """Nobody holds an interest in itself through others."""
    interests = [(key, c) for key, c in draft.contracts.items() if isinstance(c, EquityInterest)]
    left = {holder for _, c in interests for holder in (c.holder, c.issuer)}
    while left:
        free = {
            e for e in left if not any(c.holder == e and c.issuer in left for _, c in interests)
        }
        if not free:
            key = next(k for k, c in interests if c.holder in left and c.issuer in left)
            cause = f"interests go round in a circle among {', '.join(sorted(left))}"
            yield Finding("LB0312", ("contracts", key, "issuer"), cause, "leave out one of them")
            return
        left -= free


def outcomes_can_be_read(draft: Draft) -> Iterator[Finding]:
    """An assumed outcome is written decision(subject)=outcome."""
    for number, basis in draft.bases.items():
        for place, outcome in enumerate(basis.outcomes):
            try:
                parse_outcome(outcome)
            except ValueError:
                path = ("bases", number, "outcomes", place)
                fix = 'write "decision(subject)=outcome", without blanks'
                yield Finding("LB0216", path, f"{outcome!r} is no outcome", fix)


def assertions_have_an_origin(draft: Draft) -> Iterator[Finding]:
    """What somebody asserts has a source, or is an assumption."""
    for number, assertion in draft.assertions.items():
        if assertion.source is None and assertion.assumption is None:
            cause = "an assertion needs a source or an assumption"
            fix = "add source = ... or assumption = ..."
            yield Finding("LB0108", ("assertions", number), cause, fix, "header")


def taken_assertions_exist(draft: Draft) -> Iterator[Finding]:
    """A basis takes the assertions of somebody who asserts something."""
    stated = draft.tables.get("assertions", ())
    speakers = (item.get("by") for item in stated if isinstance(item, dict))
    names = {name for name in speakers if isinstance(name, str)}
    for number, basis in draft.bases.items():
        written = draft.tables["bases"][number].get("assertions")
        for place, name in enumerate(basis.assertions):
            if name not in names:
                inside = (place,) if isinstance(written, list) else ()
                path: Path = ("bases", number, "assertions", *inside)
                yield Finding("LB0301", path, f"nobody called {name} asserts anything",
                              nearest(name, names))  # fmt: skip


def facts_are_stated_once(draft: Draft) -> Iterator[Finding]:
    """One person states one fact about one subject once."""
    seen: dict[tuple[str | None, ...], Path] = {}
    for section, key, part in draft.parts():
        match part:
            case StatedFact():
                what: tuple[str, str | None, str | None] = (part.fact, part.judged_by, None)
            case StatedTable():
                what = (part.table, None, None)
            case Assertion():
                what = (part.decision, part.asserted_by, part.framework)
            case _:
                continue
        path: Path = (section, key)
        first = seen.setdefault((part.about, *what), path)
        if first != path:
            cause = f"{what[0]} of {part.about} is stated twice"
            fix = "keep one; what differs by reading is a range"
            yield Finding("LB0413", path, cause, fix, "header", other=first)


def filed_statements_are_its_own(draft: Draft) -> Iterator[Finding]:
    """Filed statements are of the entity that names them, under its framework."""
    for name, filed in draft.filed.items():
        entity = draft.entities.get(name)
        if filed.entity != name:
            cause = f"the file is of {filed.entity}, and {name} names it"
            fix = f'write entity = "{name}", or another file'
            yield Finding("LB0304", ("filed", name, "entity"), cause, fix)
        elif entity is not None and filed.framework != entity.framework:
            cause = f"{name} reports under {entity.framework}, the file under {filed.framework}"
            yield Finding("LB0304", ("filed", name, "framework"), cause, "correct one of the two")
