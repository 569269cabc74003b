"""Write docs/workflow.md from the workflow's table; with ``--check`` only say whether it is in step."""

from __future__ import annotations

import sys
from pathlib import Path

from tracker.domain.vocabulary import ReportState
from tracker.domain.workflow import TRANSITIONS, Transition
from tracker.wording import LABELS

TARGET = Path(__file__).parent.parent / "docs" / "workflow.md"
HEAD = """# The life of a progress report

Generated from `tracker/domain/workflow.py` by `make docs`; edit the table, not this page.

"Late", "not reported" and "overdue" are derived from dates and are no states. A draft is invisible to the Secretariat;
a proposed rating is invisible to the State until another member of staff has confirmed it.
"""


def main() -> int:
    text = page()
    if "--check" in sys.argv:
        if TARGET.read_text("utf-8") != text:
            sys.stderr.write("docs/workflow.md is not in step with tracker/domain/workflow.py: run make docs\n")
            return 1
        return 0
    TARGET.write_text(text, "utf-8")
    return 0


def page() -> str:
    """The whole page: a diagram and a table."""
    lines = [HEAD, "```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    for step in TRANSITIONS.values():
        for source in ReportState:
            if source in step.sources:
                lines.append(f"    {source.value} --> {step.target.value}: {_word(step)}")
    lines += ["```", "", "| action | from | to | permission | needs | told by e-mail | who may read the entry |"]
    lines.append("|---|---|---|---|---|---|---|")
    lines += [_row(step) for step in TRANSITIONS.values()]
    return "\n".join(lines) + "\n"


def _row(step: Transition) -> str:
    cells = (
        _word(step),
        ", ".join(LABELS[s] for s in ReportState if s in step.sources),
        LABELS[step.target],
        f"`{step.permission.value}`" if step.permission else "the clock",
        _list(sorted(n.value for n in step.needs)),
        _list(sorted(a.value for a in step.tells)),
        step.visibility.value,
    )
    return f"| {' | '.join(cells)} |"


def _list(words: list[str]) -> str:
    return ", ".join(word.replace("_", " ") for word in words) or "–"


def _word(step: Transition) -> str:
    return LABELS[step.action]


if __name__ == "__main__":
    raise SystemExit(main())
