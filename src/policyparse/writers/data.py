"""JSON, JSON Lines and YAML: the whole notice, for programs; and the JSON Schema that describes it."""

from collections.abc import Iterable, Iterator

from policyparse.schema import Notice


def schema() -> bytes:
    """The JSON Schema of one notice."""
    from json import dumps

    described = Notice.model_json_schema(mode="serialization")
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
    return dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"


def json(notices: Iterable[Notice], many: bool) -> Iterator[bytes]:
    """One object, or an array of them."""
    separator = "[\n" if many else ""
    for notice in notices:
        yield (separator + notice.model_dump_json(indent=2)).encode()
        separator = ",\n"
    if separator == ",\n":
        yield b"\n]\n" if many else b"\n"


def jsonl(notices: Iterable[Notice], many: bool) -> Iterator[bytes]:  # noqa: ARG001 - the same for one and for many
    """An object a line."""
    for notice in notices:
        yield notice.model_dump_json().encode() + b"\n"


def yaml(notices: Iterable[Notice], many: bool) -> Iterator[bytes]:
    """One document, or a stream of documents divided by `---`."""
    from yaml import dump

    try:
        from yaml import CSafeDumper as Dumper
    except ImportError:  # PyYAML without libyaml: slow, and the same
        from yaml import SafeDumper as Dumper  # type: ignore[assignment]

    class Flow(Dumper):
        """Spans on one line."""

    Flow.add_representer(
        list,
        lambda dumper, data: dumper.represent_sequence(
            "tag:yaml.org,2002:seq", data, flow_style=bool(data) and all(isinstance(item, int) for item in data)
        ),
    )
    for notice in notices:
        text = dump(
            notice.model_dump(mode="json"),
            Dumper=Flow,
            allow_unicode=True,
            sort_keys=False,
            width=120,
            default_flow_style=False,
        )
        yield ("---\n" + text if many else text).encode()
