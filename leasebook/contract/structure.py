"""
From the raw tables of a file to the model: exact types, no unknown keys, every error at once.

cattrs dispatches on the types of the model's fields; what it structures are nodes, so that every
figure knows its path and the nearest table that names its source.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs
from cattrs import ClassValidationError, Converter, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from leasebook.contract import scalar
from leasebook.contract.deal import Basis, FiledLine, StatedFact
from leasebook.contract.figure import Figure
from leasebook.contract.model import KINDS, Contract
from leasebook.contract.node import ORIGIN_KEYS, Misfit, Node, Origin, Ready
from leasebook.contract.shape import FIGURE_KEYS, KEYED, file_keys
from leasebook.values.duration import Duration
from leasebook.values.money import Currency
from leasebook.values.nearest import nearest
from leasebook.values.problem import Finding, path_text

T = TypeVar("T")
Hook = Callable[[Node, Any], Any]


def structure(node: Node, kind: Any) -> Any:
    """
    The value of a type of the model that a node describes.

    Raises:
        Misfit: With every finding of the node, if it does not fit.
    """
    return _converter().structure(node, kind)


@cache
def _converter() -> Converter:
    converter = Converter(detailed_validation=True)
    scalars: dict[Any, Callable[[Node], Any]] = {
        str: scalar.text,
        int: scalar.whole,
        bool: scalar.truth,
        date: scalar.day,
        Decimal: scalar.number,
    }
    for kind, read in scalars.items():
        converter.register_structure_hook(kind, _plain(read))
    converter.register_structure_hook_factory(attrs.has, lambda cls: _table_hook(converter, cls))
    converter.register_structure_hook(Duration, _plain(scalar.duration))
    converter.register_structure_hook(Currency, _plain(scalar.currency))
    # A field called `date` with a default hides the type of that name from its own annotation.
    converter.register_structure_hook_func(lambda kind: kind is type(None), _plain(scalar.day))
    converter.register_structure_hook_func(lambda kind: kind is Any, _plain(scalar.anything))
    composed: dict[Any, Hook] = {
        Literal: _choice,
        Figure: lambda node, kind: _figure(converter, node, kind),
        tuple: lambda node, kind: _list(converter, node, kind),
        Mapping: lambda node, kind: _mapping(converter, node, kind),
    }
    for origin, hook in composed.items():
        converter.register_structure_hook_func(_is_generic(origin), _ready_or(hook))
    converter.register_structure_hook_func(
        lambda kind: kind == Contract, lambda node, _: _contract(converter, node)
    )
    return converter


def _is_generic(origin: Any) -> Callable[[Any], bool]:
    wanted = get_origin(Mapping[str, str]) if origin is Mapping else origin
    return lambda kind: get_origin(kind) is wanted


def _plain(read: Callable[[Node], Any]) -> Hook:
    return lambda node, _kind: read(node)


def _ready_or(hook: Hook) -> Hook:
    def ready(node: Node, kind: Any) -> Any:
        return node.raw.value if type(node.raw) is Ready else hook(node, kind)

    return ready


def _choice(node: Node, kind: Any) -> str:
    word = scalar.text(node)
    words = get_args(kind)
    if word not in words:
        raise node.misfit("LB0105", f'"{word}" may not stand here', nearest(word, words))
    return word


def _gather(parts: Iterable[tuple[T, Node]], converter: Converter, inner: Any) -> dict[T, Any]:
    """The structured parts by key, or one misfit with the findings of all, and with what fits."""
    values: dict[T, Any] = {}
    findings: list[Finding] = []
    for key, node in parts:
        try:
            values[key] = converter.structure(node, inner)
        except Misfit as misfit:
            findings += misfit.findings
            if misfit.rest is not None:
                values[key] = misfit.rest
    if findings:
        raise Misfit(*findings, rest=values)
    return values


def _list(converter: Converter, node: Node, kind: Any) -> tuple[Any, ...]:
    if type(node.raw) is not list:
        raise scalar.wrong_sort(node, "a list", _list_advice(node))
    parts = ((index, node.child(index, raw)) for index, raw in enumerate(node.raw))
    try:
        return tuple(_gather(parts, converter, get_args(kind)[0]).values())
    except Misfit as misfit:
        raise Misfit(*misfit.findings, rest=tuple(misfit.rest.values())) from None


def _list_advice(node: Node) -> str:
    if type(node.raw) is dict:
        return f"write the header with two brackets: [[{path_text(node.path)}]]"
    return "write it in square brackets: [...]"


def _mapping(converter: Converter, node: Node, kind: Any) -> dict[str, Any]:
    raw = dict(_table(node))
    inner = get_args(kind)[1]
    if get_origin(inner) is Figure:
        node = attrs.evolve(node, origin=_origin(node, raw))
        raw = {key: value for key, value in raw.items() if key not in ORIGIN_KEYS}
    parts = ((key, node.child(key, value)) for key, value in raw.items())
    return _gather(parts, converter, inner)


def _contract(converter: Converter, node: Node) -> Any:
    raw = _table(node)
    if "kind" not in raw:
        raise Misfit(_missing(node, "kind", "the contract does not say its kind"))
    kind = scalar.text(node.child("kind", raw["kind"]))
    if kind not in KINDS:
        cause = f'there is no contract of kind "{kind}"'
        raise node.child("kind", kind).misfit("LB0105", cause, nearest(kind, KINDS))
    rest = {key: value for key, value in raw.items() if key != "kind"}
    return converter.structure(attrs.evolve(node, raw=rest), KINDS[kind])


def _table(node: Node) -> dict[str, Any]:
    if type(node.raw) is not dict:
        raise scalar.wrong_sort(node, "a table", "write key = value lines below a [header]")
    return node.raw


def _origin(node: Node, raw: dict[str, Any]) -> Origin:
    for key in ORIGIN_KEYS:
        if key in raw:
            scalar.text(node.child(key, raw[key]))
    return node.origin.within(raw)


def _table_hook(converter: Converter, cls: type[Any]) -> Hook:
    keys = file_keys(cls)
    fields = {keys[field.name]: field for field in attrs.fields(cls)}
    renamed: Any = {name: override(rename=key) for name, key in keys.items() if key != name}
    inner = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True, **renamed)

    def hook(node: Node, _kind: Any) -> Any:
        if type(node.raw) is Ready:
            return node.raw.value
        raw = dict(_table(node))
        node = attrs.evolve(node, origin=_origin(node, raw))
        for key in ORIGIN_KEYS:
            if key not in fields:
                raw.pop(key, None)
        children = _children(node, cls, raw)
        for key, field in fields.items():
            if isinstance(field.default, Figure) and key not in children:
                unknown = {"unknown": field.default.unknown}
                children[key] = Node(unknown, (*node.path, key))
        try:
            return inner(children, cls)
        except ClassValidationError as group:
            findings = tuple(_findings(node, group, fields))
            mended = _mended(node, group, children, fields)
        try:
            rest = None if mended is None else inner(mended, cls)
        except ClassValidationError:
            rest = None
        raise Misfit(*findings, rest=rest)

    return hook


def _children(node: Node, cls: type[Any], raw: dict[str, Any]) -> dict[str, Node]:
    """The nodes of a table's keys, where some classes are written shorter than they are."""
    children: dict[str, Node] = {}
    if cls is StatedFact:
        figure = {key: raw.pop(key) for key in ("value", "range", "unknown") if key in raw}
        children["value"] = Node(figure, node.path, node.origin, "value")
    elif cls is FiledLine and "unknown" in raw:
        figure = {"unknown": raw.pop("unknown")}
        if "amount" in raw:
            figure["value"] = raw.pop("amount")
        children["amount"] = Node(figure, node.path, node.origin, "amount")
    elif cls is Basis and type(raw.get("assertions")) is str:
        raw["assertions"] = [raw["assertions"]]
    elif len(node.path) == 2 and node.path[0] in KEYED:
        if "id" in raw:
            cause, fix = "the header says the id", "remove the key"
            raise Misfit(Finding("LB0102", (*node.path, "id"), cause, fix, "key"))
        children["id"] = node.child("id", node.path[1])
    return {key: node.child(key, value) for key, value in raw.items()} | children


def _missing(node: Node, key: str, cause: str) -> Finding:
    return Finding("LB0103", node.path, cause, f"add {key} = ...", "header")


def _findings(
    node: Node, group: ClassValidationError, fields: Mapping[str, Any]
) -> Iterator[Finding]:
    """What does not fit a table; a key that is missing under a misspelt name is said once."""
    lacking: list[str] = []
    advices: list[str] = []
    for error in group.exceptions:
        match error:
            case Misfit():
                yield from error.findings
            case ForbiddenExtraKeysError():
                for key in sorted(error.extra_fields):
                    cause = f"there is no key {key} here"
                    advices.append(nearest(key, (*fields, *ORIGIN_KEYS)))
                    yield Finding("LB0102", (*node.path, key), cause, advices[-1], "key")
            case KeyError():
                lacking.append(error.args[0])
            case _:
                raise error
    for key in lacking:
        if f"did you mean {key}?" not in advices:
            yield _missing(node, key, f"the key {key} is missing")


def _mended(
    node: Node, group: ClassValidationError, children: dict[str, Node], fields: Mapping[str, Any]
) -> dict[str, Node] | None:
    """
    The children without what does not fit, so that the rest can still be checked.

    A figure that does not fit becomes unknown; an optional value becomes its default; without
    any other value nothing can be made of the table.
    """
    mended = {key: child for key, child in children.items() if key in fields}
    for error in group.exceptions:
        if isinstance(error, ForbiddenExtraKeysError):
            continue
        rest = None
        if isinstance(error, Misfit):
            key = str((*error.findings[0].path, "")[len(node.path)])
            rest = error.rest
        else:
            key = str(error.args[0])
        key = key if key in fields else "value"
        if key not in fields:
            return None
        if rest is not None:
            mended[key] = node.child(key, Ready(rest))
        elif _is_figure(fields[key].type):
            mended[key] = node.child(key, {"unknown": "refused"})
        elif fields[key].default is not attrs.NOTHING:
            mended.pop(key, None)
        else:
            return None
    return mended


def _is_figure(kind: Any) -> bool:
    if isinstance(kind, UnionType) or get_origin(kind) is not Figure:
        return any(get_origin(part) is Figure for part in get_args(kind))
    return True


def _figure(converter: Converter, node: Node, kind: Any) -> Figure[Any]:
    inner = get_args(kind)[0]
    shown = path_text((*node.path, node.embedded) if node.embedded else node.path)
    if type(node.raw) is not dict:
        value = converter.structure(node, inner)
        _needs_origin(node)
        return Figure(value, **attrs.asdict(node.origin), path=shown)
    raw = node.raw
    for key in raw:
        if key not in FIGURE_KEYS:
            cause = f"there is no key {key} in a figure"
            advice = nearest(key, FIGURE_KEYS)
            raise Misfit(Finding("LB0102", (*node.path, key), cause, advice, "key"))
    node = attrs.evolve(node, origin=_origin(node, raw))
    if ("value" in raw) == ("unknown" in raw):
        cause = "the figure has both a value and unknown" if "value" in raw else "no value is given"
        raise Misfit(
            Finding("LB0106", node.path, cause, 'write value = ... or unknown = "..."', "header")
        )
    ends = _range(converter, node, inner)
    value, unknown = None, None
    if "unknown" in raw:
        unknown = scalar.text(node.child("unknown", raw["unknown"]))
    else:
        value = converter.structure(node.child("value", raw["value"]), inner)
        _needs_origin(node)
    return Figure(value, **attrs.asdict(node.origin), range=ends, unknown=unknown, path=shown)


def _range(converter: Converter, node: Node, inner: Any) -> tuple[Any, ...]:
    if "range" not in node.raw:
        return ()
    ends = node.child("range", node.raw["range"])
    if type(ends.raw) is not list or len(ends.raw) != 2:
        raise ends.misfit("LB0107", "a range has two ends", "write range = [low, high]")
    parts = ((index, ends.child(index, raw)) for index, raw in enumerate(ends.raw))
    return tuple(_gather(parts, converter, inner).values())


def _needs_origin(node: Node) -> None:
    if node.origin.source is None and node.origin.assumption is None:
        raise Misfit(
            Finding(
                "LB0108",
                node.path,
                "a figure needs a source or an assumption",
                "add source = ... with an id of [sources], or assumption = ... with the reason",
                "header",
            )
        )
