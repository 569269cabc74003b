"""``python -m bench [--scales 1,100] [-o FILE]``: measures, and prints a report in Markdown."""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import data, documents, mails, plan, privacy, queries, uploads
from bench.pages import Page, pages
from bench.servers import served
from bench.visits import EACH, ROUNDS, Visit, answers, durations
from tracker.db import db

HELLO, SELECT = "hello", "select"
KEPT = "kept "
MOST_MEGABYTES = 150
BUSY = 0.8
"""Load per processor from which the figures are not to be trusted; the benchmark itself makes about 0.5."""
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


class Report:
    """The lines of the report; also printed as they come."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str = "") -> None:
        self.lines.append(line)
        print(line, flush=True)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
        for row in (head, ["-" * (w - 1) + ":" if i else "-" * w for i, w in enumerate(widths)], *rows):
            cells = [c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
            self.say(f"| {' | '.join(cells)} |")
        self.say()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scales", default="1,100", help="scales of the demonstration, as in 1,100")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of {EACH} requests to each page")
    parser.add_argument("--only-pages", action="store_true", help="no documents, no mails")
    parser.add_argument("--only-documents", action="store_true", help="status reports in each format, nothing else")
    parser.add_argument("--mails", type=int, default=mails.COUNT, help="people to be reminded")
    parser.add_argument("-o", "--output", type=Path, help="also write the report to this file")
    arguments = parser.parse_args()
    scales = [int(scale) for scale in arguments.scales.split(",")]
    for scale in scales:
        data.prepare(scale)
    report = Report()
    report.say(
        f"Measured {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on {platform.machine()}."
    )
    report.say()
    if arguments.only_documents:
        _documents(report, scales)
        return 0
    _pages(report, scales, arguments.rounds)
    if not arguments.only_pages:
        data.prepare(1)
        _documents(report, scales)
        _uploads(report)
        _mails(report, arguments.mails)
        report.say("\n".join(plan.lines(plan.measure())))
    print("\n".join(privacy.lines()))
    if arguments.output:
        _write(arguments.output, report)
        privacy.write(arguments.output)
    return 0


def _write(path: Path, report: Report) -> None:
    """Into the file: between its marks where it has them (docs/benchmarks.md), else the report alone."""
    figures = "\n".join(report.lines).strip() + "\n"
    before, begin, rest = path.read_text("utf-8").partition(BEGIN) if path.exists() else ("", "", "")
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n\n{figures}\n{END}{after}" if begin else figures, "utf-8")


def _pages(report: Report, scales: list[int], rounds: int) -> None:
    listed: dict[int, list[Page]] = {}
    counted: dict[int, dict[str, int]] = {}
    for scale in scales:
        app = data.application(scale)
        with app.app_context():
            listed[scale] = pages(db.session)
        counted[scale] = queries.counts(app, listed[scale])
        with app.app_context():
            db.engine.dispose()
    with contextlib.ExitStack() as stack:
        hello = stack.enter_context(served("bench.baselines:hello()", {}))
        select = stack.enter_context(
            served("bench.baselines:select()", {"BENCH_DATABASE": data.settings(scales[0]).database_url})
        )
        servers = {scale: stack.enter_context(served("tracker:create_app()", _environment(scale))) for scale in scales}
        keeping = {
            scale: stack.enter_context(served("tracker:create_app()", _environment(scale, keeping=True)))
            for scale in scales
        }
        visits = [Visit(HELLO, hello.port, "/"), Visit(SELECT, select.port, "/")]
        for scale, server in servers.items():
            usable, left_out = answers(server.port, listed[scale], f"{scale}:")
            visits += usable
            for line in left_out:
                report.say(f"- left out at scale {scale}: {line}")
            of_visitors = [page for page in listed[scale] if page.person is None or page.is_kept_in_part]
            visits += answers(keeping[scale].port, of_visitors, f"{scale}:{KEPT}")[0]
        took = durations(visits, rounds)
        busy = os.getloadavg()[0]
        memory = {scale: server.worker_megabytes() for scale, server in servers.items()}
        bare_memory = hello.worker_megabytes()
    if busy > BUSY * (os.cpu_count() or 1):
        report.say(f"- the machine was busy (load {busy:.0f} on {os.cpu_count()} processors): the ratios are too high")
    report.say()
    _page_table(report, listed, counted, took)
    _memory(report, memory, bare_memory)


def _environment(scale: int, *, keeping: bool = False) -> dict[str, str]:
    """``keeping``: with the pages of visitors kept once rendered, as in operation; else each is rendered anew."""
    settings = data.settings(scale)
    return {
        "TRACKER_ENV": "demo",
        "TRACKER_DATA_DIR": str(settings.data_dir),
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_SECRET_KEY": settings.secret_key,
        "TRACKER_SMTP_URL": "",
        "TRACKER_PAGE_CACHE_SECONDS": "3600" if keeping else "0",
    }


def _page_table(
    report: Report, listed: dict[int, list[Page]], counted: dict[int, dict[str, int]], took: dict[str, float]
) -> None:
    head = ["page", "aim"]
    for scale in listed:
        head += [f"× hello, scale {scale}", "kept", f"× select, scale {scale}", f"queries, scale {scale}"]
    rows = [["Flask + one indexed SELECT", "", *[f"{took[SELECT] / took[HELLO]:.1f}", "", "1.0", "1"] * len(listed)]]
    for page in next(iter(listed.values())):
        row = [page.name, f"≤ {page.aim:g}"]
        for scale in listed:
            seconds = took.get(f"{scale}:{page.name}")
            kept = took.get(f"{scale}:{KEPT}{page.name}")
            row += (
                [
                    f"{seconds / took[HELLO]:.1f}",
                    f"{kept / took[HELLO]:.1f}" if kept else "",
                    f"{seconds / took[SELECT]:.1f}",
                    str(counted[scale].get(page.name, "")),
                ]
                if seconds
                else ["–"] * 4
            )
        rows.append(row)
    report.table(head, rows)


def _memory(report: Report, memory: dict[int, float], bare: float) -> None:
    rows = [[f"worker at scale {scale}", f"{used:.0f}", f"≤ {MOST_MEGABYTES}"] for scale, used in memory.items()]
    report.table(["resident memory", "MB", "aim"], [["worker of the bare hello", f"{bare:.0f}", ""], *rows])


def _documents(report: Report, scales: list[int]) -> None:
    for scale in scales:
        rows = [
            [
                took.what,
                f"{took.seconds:.2f}",
                f"{took.processor:.2f}",
                f"≤ {documents.PDF_AIM:g}" if took.what == "PDF" and scale == 1 else "",
                f"{took.kilobytes:.0f}" if took.kilobytes else "",
            ]
            for took in documents.measure(data.application(scale))
        ]
        subject = f"status reports of {documents.DOCUMENTS} parties, scale {scale}"
        report.table([subject, "seconds", "processor", "aim", "kB each"], rows)


def _uploads(report: Report) -> None:
    found = uploads.measure()
    report.table(
        [f"{uploads.AT_ONCE} files of 25 MB at once, one worker", "MB", "aim", "seconds"],
        [
            ["before", f"{found.before:.0f}", "", ""],
            [
                "peak while they were sent",
                f"{found.sending:.0f}",
                f"≤ {MOST_MEGABYTES}",
                f"{found.seconds_sending:.1f}",
            ],
            [
                "peak until they had been given out",
                f"{found.fetching:.0f}",
                f"≤ {MOST_MEGABYTES}",
                f"{found.seconds_fetching:.1f}",
            ],
        ],
    )


def _mails(report: Report, count: int) -> None:
    found = mails.rates(count)
    report.table(
        ["mails", "a second", "× the bare loop's time"],
        [
            ["bare smtplib loop, one connection", f"{found.bare:.0f}", "1.0"],
            ["reminders rendered in four languages and put into the outbox", f"{found.put:.0f}", "–"],
            ["delivered from the outbox", f"{found.delivered:.0f}", f"{found.bare / found.delivered:.1f}"],
        ],
    )
    report.say(
        f"{found.count} mails; until it was known who gets one: {found.seconds_planning:.1f} s; delivered at"
        f" {found.delivered / found.bare:.2f} of the bare loop's rate."
    )
    report.say()


if __name__ == "__main__":
    sys.exit(main())
