"""Which pieces of text are whole Python statements, and worth showing as code."""

from __future__ import annotations

import ast
import re
import warnings

_TELLING = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.For,
    ast.While,
    ast.With,
    ast.If,
    ast.Try,
)


def is_whole(source: str, any_value: bool) -> bool:
    """It parses, and is more than a word or a value (with ``any_value``, than a literal)."""
    tree = parsed(source)
    if tree is None or re.sub(r"#.*", "", source).rstrip().endswith(","):
        return False
    if any(_is_method(node) for node in tree.body):
        return False  # the line of its class could not be read
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return all(is_code(node) or (any_value and reads(node)) for node in statements)


def _is_method(node: ast.stmt) -> bool:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or not node.args.args:
        return False
    first = node.args.args[0].arg
    if first == "cls":  # which the decorators of classes take, too
        made = (one.id for one in node.decorator_list if isinstance(one, ast.Name))
        return "classmethod" in made or node.name.startswith("__")
    return first == "self"


def parsed(source: str) -> ast.Module | None:
    """The tree of ``source``; None when it does not compile (a ``return`` outside a function)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes are the lecturer's business
            tree = ast.parse(source)
            compile(tree, "<screen>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if tree.body else None


def is_code(statement: ast.stmt) -> bool:
    """Not what plain words and printed values parse as."""
    if isinstance(statement, ast.Expr):
        value = statement.value
        docstring = isinstance(value, ast.Constant) and isinstance(value.value, str)
        docstring = docstring or (isinstance(value, ast.Constant) and value.value is ...)
        return docstring or isinstance(value, (ast.Call, ast.Await, ast.Yield, ast.YieldFrom))
    # "Out[3]: 5" parses as an annotation.
    return not (
        isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Subscript)
    )


def reads(statement: ast.stmt) -> bool:
    """A value that is made of names, as a notebook shows it at the end of a cell."""
    return isinstance(statement, ast.Expr) and any(
        isinstance(node, ast.Name) for node in ast.walk(statement)
    )


def is_telling(source: str, from_code: bool, any_value: bool = False) -> bool:
    """Whether it says something as code: more than a few values; ``any_value`` as above, for one
    that is made of names."""
    tree = parsed(source)
    if tree is None:
        return False
    if any_value and all(map(reads, tree.body)):
        return True
    if any(isinstance(node, _TELLING) for node in tree.body):
        return len(source.splitlines()) > 1 or from_code
    calls = any(isinstance(node, ast.Call) for node in ast.walk(tree))
    assigns = any(isinstance(node, (ast.Assign, ast.AugAssign)) for node in tree.body)
    return (calls or assigns) if from_code else (calls and assigns and len(tree.body) > 1)
