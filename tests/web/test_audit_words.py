"""Every event that the program records is called something in plain words."""

from __future__ import annotations

import ast

from tests.house.source import modules
from tracker.domain.workflow import Action
from tracker.services import history
from tracker.web.audit_words import EVENTS

RECORDERS = ("record", "_record", "_trace", "_note", "_audit")
"""Functions that take an event's name as their second argument."""
PUT_TOGETHER: dict[str, set[str]] = {
    "report.{}": {action.value for action in Action},
    "commitment.{}": {
        *(history.ASSIGNED, history.UNASSIGNED, history.CLOSED, history.FOLLOWED_AGAIN),
        *(history.PART_DATED, history.PART_ASKED_AGAIN, history.PART_CHANGED),
    },
    "extension.{}": {"granted", "refused"},
    "purge.{}": {"passage", "file"},
    "question.{}": {"asked", "answered", "withdrawn"},
    "{}.failed": {"sign_in", "password_check"},
    "{}.braked": {"sign_in", "password_check"},
}
"""Names that are put together, and what may stand in the gap. A new one: say here what it can be."""


def names() -> set[str]:
    """Every event's name in the source; ``{}`` where a part of it is put in."""
    found: set[str] = set()
    for module in modules():
        constants = {
            target.id: node.value
            for node in module.tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in module.calls():
            named = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if named in RECORDERS and len(call.args) > 1:
                found |= _texts(call.args[1], constants)
    return {name for name in found if "." in name or name in EVENTS}


def _texts(node: ast.expr, constants: dict[str, ast.expr]) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.JoinedStr):
        return {"".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)}
    if isinstance(node, ast.IfExp):
        return _texts(node.body, constants) | _texts(node.orelse, constants)
    if isinstance(node, ast.Name) and node.id in constants:
        return _texts(constants[node.id], {})
    return set()


def test_every_event_has_words() -> None:
    missing = set()
    for name in names():
        if "{}" not in name:
            missing |= {name} - EVENTS.keys()
            continue
        assert name in PUT_TOGETHER, f"{name}: say in PUT_TOGETHER what it can be"
        missing |= {name.replace("{}", part) for part in PUT_TOGETHER[name]} - EVENTS.keys()
    assert not missing, f"give these words in tracker/web/audit_words.py: {sorted(missing)}"


def test_the_search_for_names_finds_some() -> None:
    assert {"report.save", "sign_out", "mail.queued", "audit.seal", "participation.freeze", "report.{}"} <= names()
