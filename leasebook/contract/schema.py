"""
The JSON Schema of deal files and filed files, walked from the classes that files become.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from leasebook.contract.deal import Basis, FiledLine, StatedFact
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Rent
from leasebook.contract.model import KINDS, Contract
from leasebook.contract.node import ORIGIN_KEYS
from leasebook.contract.scalar import (
    NAME_MAX,
    NAMES,
    NUMBER_MAX,
    PARTS,
    PRICES,
    RATES,
    SHARES,
    TEXT_MAX,
)
from leasebook.contract.shape import KEYED, DealFile, FiledFile, file_keys
from leasebook.values.duration import Duration
from leasebook.values.money import Currency

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DIGITS = "-?[0-9]+(_[0-9]+)*([.][0-9]+(_[0-9]+)*)?"
_ID = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"}
_NUMBER = {"type": "string", "maxLength": NUMBER_MAX, "pattern": f"^{_DIGITS}$"}
_PERCENT = {"type": "string", "maxLength": NUMBER_MAX, "pattern": f"^{_DIGITS}( ?%)?$"}
_TEXT = {"type": "string", "maxLength": TEXT_MAX}
_NAME = {"type": "string", "maxLength": NAME_MAX}
_DATE = {"type": "string", "format": "date", "pattern": "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$"}
_DURATION = {
    "type": "string",
    "pattern": "^(month|quarter|half-year|year|[1-9][0-9]{0,4} (years?|months?))$",
}
_ANYTHING = {"type": ["boolean", "integer", "string"]}

Schema = dict[str, Any]


def json_schema() -> Schema:
    """
    The schema of a deal file, or of one of the files of a deal's folder.

    A TOML date counts as a string, as the editors that check TOML by JSON Schema take it.

    Example:
        >>> sorted(json_schema()["properties"]["deal"])
        ['$ref']
    """
    return _document(DealFile, "A deal file of leasebook")


def filed_schema() -> Schema:
    """
    The schema of the file of what an entity filed.

    Example:
        >>> filed_schema()["required"]
        ['entity', 'as_of', 'framework']
    """
    return _document(FiledFile, "A filed file of leasebook")


def schema_of(cls: type[Any], title: str) -> Schema:
    """
    The schema of a file of another shape, such as a scenario.

    Args:
        cls: The class that the file becomes.
        title: Of the schema.
    """
    return _document(cls, title)


def _document(cls: type[Any], title: str) -> Schema:
    definitions: dict[str, Schema] = {}
    whole = _object(cls, definitions)
    if cls is DealFile:
        # in a folder each file holds a part of the deal
        whole.pop("required")
    return {"$schema": _DIALECT, "title": title, **whole, "$defs": definitions}


def _object(cls: type[Any], definitions: dict[str, Schema]) -> Schema:
    """The schema of the table that a class is written as."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    keys = file_keys(cls)
    for field in attrs.fields(cls):
        if field.name == "id" and cls is not Basis:
            continue
        properties[keys[field.name]] = _value(field.type, field.name, definitions)
        if field.default is attrs.NOTHING:
            required.append(keys[field.name])
    if cls is not DealFile:
        properties |= {key: _TEXT for key in ORIGIN_KEYS if key not in properties}
    schema: Schema = {
        "type": "object",
        "description": (getdoc(cls) or "").partition("\n\n")[0].replace("\n", " "),
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    shorter = _SHORTER.get(cls)
    return schema if shorter is None else shorter(schema, definitions)


def _fact(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """A stated fact writes its figure straight into its table."""
    figure = _figure(Any, "value", definitions)["properties"]
    schema["properties"] |= {key: figure[key] for key in ("value", "range", "unknown")}
    schema["required"].remove("value")
    return schema | {"oneOf": [{"required": ["value"]}, {"required": ["unknown"]}]}


def _line(schema: Schema, _definitions: dict[str, Schema]) -> Schema:
    """A filed line may say of itself that its amount is unknown."""
    schema["properties"]["unknown"] = _TEXT
    schema["required"].remove("amount")
    return schema | {"oneOf": [{"required": ["amount"]}, {"required": ["unknown"]}]}


def _basis(schema: Schema, _definitions: dict[str, Schema]) -> Schema:
    """A basis that takes the assertions of one person names that person."""
    several = schema["properties"]["assertions"]
    schema["properties"]["assertions"] = {"anyOf": [_TEXT, several]}
    return schema


def _rent(schema: Schema, _definitions: dict[str, Schema]) -> Schema:
    """Rent falls due by steps of months, or on days of its own."""
    return schema | {"anyOf": [{"required": ["every", "in"]}, {"required": ["dated"]}]}


_SHORTER: dict[type, Callable[[Schema, dict[str, Schema]], Schema]] = {
    StatedFact: _fact,
    FiledLine: _line,
    Basis: _basis,
    Rent: _rent,
}


def _value(kind: Any, name: str, definitions: dict[str, Schema]) -> Schema:
    """The schema of a value of a type, in a field of a name."""
    if kind == Contract:
        return _contract(definitions)
    if get_origin(kind) in {Union, UnionType}:
        (stated,) = (part for part in get_args(kind) if part is not NoneType)
        return _value(stated, name, definitions)
    if attrs.has(kind) and get_origin(kind) is None and kind not in {Duration, Currency}:
        return _reference(kind, definitions)
    return _generic(kind, name, definitions) or _scalar(kind, name)


def _generic(kind: Any, name: str, definitions: dict[str, Schema]) -> Schema | None:
    """The schema of a figure, a list, a mapping or one of a few words; None for other types."""
    arguments = get_args(kind)
    match get_origin(kind):
        case origin if origin is Figure:
            value = _value(arguments[0], name, definitions)
            schema: Schema | None = {"anyOf": [value, _figure(arguments[0], name, definitions)]}
        case origin if origin is Literal:
            schema = {"enum": list(arguments)}
        case origin if origin is tuple:
            schema = {"type": "array", "items": _value(arguments[0], name, definitions)}
        case None:
            schema = None
        case _:
            schema = _mapping(arguments[1], name, definitions)
    return schema


def _scalar(kind: Any, name: str) -> Schema:
    numbers = _PERCENT if name in RATES | SHARES | PARTS | PRICES else _NUMBER
    schemas: dict[Any, Schema] = {
        str: _NAME if name in NAMES else _TEXT,
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        date: _DATE,
        # the field called `date`, whose default hides the type from its annotation
        NoneType: _DATE,
        Decimal: numbers,
        Duration: _DURATION,
        Currency: {"enum": list(Currency.codes())},
        Any: _ANYTHING,
    }
    return schemas[kind]


def _figure(kind: Any, name: str, definitions: dict[str, Schema]) -> Schema:
    value = _value(kind, name, definitions)
    return {
        "type": "object",
        "properties": {
            "value": value,
            **dict.fromkeys(ORIGIN_KEYS, _TEXT),
            "range": {"type": "array", "items": value, "minItems": 2, "maxItems": 2},
            "unknown": _TEXT,
        },
        "oneOf": [{"required": ["value"]}, {"required": ["unknown"]}],
        "additionalProperties": False,
    }


def _mapping(kind: Any, name: str, definitions: dict[str, Schema]) -> Schema:
    schema: Schema = {
        "type": "object",
        "additionalProperties": _value(kind, name, definitions),
    }
    if name in (*KEYED, "sources", "perimeter"):
        schema["propertyNames"] = _ID
    if get_origin(kind) is Figure:
        schema["properties"] = dict.fromkeys(ORIGIN_KEYS, _TEXT)
    return schema


def _reference(cls: type[Any], definitions: dict[str, Schema]) -> Schema:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}
        definitions[cls.__name__] = _object(cls, definitions)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _contract(definitions: dict[str, Schema]) -> Schema:
    """One of the kinds of contract, each told by its `kind`."""
    for kind, cls in KINDS.items():
        if cls.__name__ not in definitions:
            definitions[cls.__name__] = {}
            schema = _object(cls, definitions)
            schema["properties"] = {"kind": {"const": kind}} | schema["properties"]
            schema["required"] = ["kind", *schema["required"]]
            definitions[cls.__name__] = schema
    return {"oneOf": [{"$ref": f"#/$defs/{cls.__name__}"} for cls in KINDS.values()]}
