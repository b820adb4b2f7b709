"""What the code says of a struct: its docstring, its fields' types and the text below each field."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

import msgspec


class FieldDoc(msgspec.Struct, frozen=True):
    """One field of a struct."""

    name: str
    kind: str
    """Its type, as written in the code."""
    default: str
    """As written in the code; empty where the field must be given."""
    text: str


def struct_text(kind: type[Any]) -> str:
    """Give a struct's docstring as one paragraph a line."""
    paragraphs = inspect.cleandoc(kind.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def field_docs(kind: type[Any]) -> list[FieldDoc]:
    """Give the fields of a struct in their order; inherited fields are left out."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)
    fields: list[FieldDoc] = []
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or "ClassVar" in ast.unparse(node.annotation):
            continue
        text = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            text = " ".join(after.value.value.split())
        default = ast.unparse(node.value) if node.value is not None else ""
        fields.append(FieldDoc(ast.unparse(node.target), ast.unparse(node.annotation), default, text))
    return fields
