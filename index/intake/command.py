"""The build command: read files, folders, addresses and the inbox, publish a generation, and print a summary.

Both `build_index.py` and `musnad build` run this module.
"""

from __future__ import annotations

import argparse
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import BuildLockedError, HeldError, IndexingError
from index.exit_codes import EXIT_FAILED, EXIT_LOCKED
from index.intake.engines import add_engine_arguments, check_engine, parts_of_engine, prepare_by_engine
from index.intake.parts import PARTS, remove_parts
from index.intake.poll_command import poll, poll_on, polling_turn
from index.intake.progress import StageBar
from index.intake.teller import Teller, print_rejection
from index.intake.trials import ended_on_purpose
from index.intake.update import update
from index.intake.watching import RESCAN_EVERY_S, Changes, note_arrivals, watched
from index.milvus.mirror import follow_in_store
from index.model.default import DEFAULT_MODEL
from index.model.load import add_runtime_argument, load_embedder
from index.model.types import Embedder
from index.output import PrintableFormatter, print_line
from index.settings import (
    ALLOW_HOSTS,
    ARTICLES_PER_FEED,
    MIB_PER_FEED,
    MODEL,
    PAGES_PER_FEED,
    add_index_dir_argument,
    not_empty,
    whole_number,
)
from index.shared.database import shared_database
from index.signals import on_ending
from index.sources.kinds import READERS

if TYPE_CHECKING:  # loaded only to fetch
    from index.intake.polling import Poller

DESCRIPTION = "Build the index of the articles under the given paths, and of what waits in the inbox."
# How long a watch waits before its next update, while another build holds the lock or after an update that failed;
# after each further failure it waits twice as long.
AGAIN_AFTER_S = 5.0
STORING = "publishing to the store"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the build command's arguments to the parser."""
    parser.add_argument("paths", nargs="*", type=not_empty, metavar="PATH",
                        help=f"a file ({', '.join(READERS)}) or a folder of them; an http or https address of a feed, "
                             f"a sitemap or a page; a list of addresses (.urls)")
    add_index_dir_argument(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--update", action="store_true",
                     help="keep the articles of other paths too; without a PATH, only take in the inbox")
    how.add_argument("--rebuild", action="store_true", help="read and embed everything again")
    add_engine_arguments(parser)
    parser.add_argument("--watch", action="store_true",
                        help="keep running: update the index, as --update does, whenever something changes")
    parser.add_argument("--feed", action="append", type=not_empty, default=[], metavar="URL",
                        help="poll this feed, sitemap or page; repeatable")
    parser.add_argument("--allow-host", action="append", type=not_empty, default=[], metavar="HOST",
                        help=ALLOW_HOSTS.help("fetch from this host even if it is not public; repeatable",
                                              default="none"))
    for option, setting, what in (("--pages-per-feed", PAGES_PER_FEED, "listed pages"),
                                  ("--articles-per-feed", ARTICLES_PER_FEED, "articles"),
                                  ("--mib-per-feed", MIB_PER_FEED, "MiB")):
        parser.add_argument(option, type=whole_number(1), metavar="N", default=setting.value(),
                            help=setting.help(f"{what} that one poll takes from one feed, sitemap or list"))
    parser.add_argument("--follow-links", action="store_true",
                        help="read links in a folder to files outside it too")
    parser.add_argument("--json", action="store_true",
                        help="print a line of JSON for each poll and each update, in place of the summary")
    parser.add_argument("--continues", default="", metavar="GENERATION",
                        help="update only the index that began with this generation, and fail if the folder holds "
                             "another or none (a server gives it)")
    parser.add_argument("--model", type=not_empty, default=MODEL.value() or DEFAULT_MODEL,
                        help=MODEL.help("a sentence-transformers model: name or folder", default=DEFAULT_MODEL))
    add_runtime_argument(parser)


def run(arguments: argparse.Namespace, parser: argparse.ArgumentParser, *, name: str) -> int:
    """Read, build, publish and report. Return the exit code: 0 done, 1 failed, 75 another build holds the lock.

    `name` begins each error message. If there is nothing to read, `parser` exits with code 2.
    """
    if not (arguments.paths or arguments.feed or arguments.update or arguments.watch):
        parser.error("name a PATH, or take in what waits in the inbox with --update")
    check_engine(arguments, parser)
    handler = logging.StreamHandler()
    handler.setFormatter(PrintableFormatter(f"{name}: %(message)s"))
    logging.basicConfig(handlers=[handler])
    load = cache(lambda: load_embedder(arguments.model, runtime=arguments.runtime, report=print_line))
    changes = Changes()
    teller = Teller(name, is_watch=arguments.watch, in_json=arguments.json)
    try:
        make_poller, paths = _named(arguments, changes)
        if arguments.watch:
            return _watch(arguments, paths, make_poller, load, changes, teller)
        if make_poller is not None:
            with polling_turn():
                poll(make_poller(), teller, is_watch=False)
    except (IndexingError, OSError) as error:
        teller.error(error)
        return EXIT_FAILED
    is_exact = bool(paths) and not arguments.update
    try:
        prepare_by_engine(arguments, paths, load)
    except (IndexingError, OSError) as error:
        teller.error(error)
        return EXIT_FAILED
    return _update(arguments, paths, load, teller, is_exact=is_exact)


def _named(arguments: argparse.Namespace, changes: Changes) -> tuple[Callable[[], Poller] | None, list[Path]]:
    """Return `(make_poller, paths)`: what opens a poller of the given addresses, or None without addresses, and the
    given paths.

    Raises IndexingError if an argument or a list of addresses is invalid, and OSError if a file cannot be read.
    """
    from index.intake.inbox import Inbox
    from index.intake.poll_quotas import MIB, Quotas
    from index.intake.polling import Poller
    from index.sources.addresses import addresses_in, split_addresses
    from index.sources.fetch.fetching import Fetcher
    from index.sources.fetch.targets import parse_allowed_hosts

    paths, addresses = split_addresses(arguments.paths)
    addresses += arguments.feed
    for path in [path for path in paths if path.suffix == ".urls"]:
        paths.remove(path)
        listed, rejections = addresses_in(path)
        addresses += listed
        for rejection in rejections:
            print_rejection(rejection)
    if not addresses:
        return None, paths
    hosts = [*ALLOW_HOSTS.values(), *arguments.allow_host]
    fetcher = Fetcher(allowed=parse_allowed_hosts(hosts), sleep=changes.sleep)
    quotas = Quotas(arguments.pages_per_feed, arguments.articles_per_feed, arguments.mib_per_feed * MIB)
    return lambda: Poller(arguments.index_dir, addresses, fetcher, Inbox(arguments.index_dir), quotas=quotas), paths


def _update(arguments: argparse.Namespace, paths: Sequence[Path], load: Callable[[], Embedder], teller: Teller, *,
            is_exact: bool) -> int:
    """Update the index once; return the exit code."""
    started = time.perf_counter()
    report = None
    try:
        with StageBar() as bar, nullcontext() if arguments.watch else ended_on_purpose(arguments.index_dir):
            report = update(paths, arguments.index_dir, load, is_exact=is_exact, reuse=not arguments.rebuild,
                            continues=arguments.continues, follow_links=arguments.follow_links,
                            on_rejection=teller.rejection, progress=bar, parts=parts_of_engine(arguments))
            if arguments.engine == "ray":
                remove_parts(arguments.index_dir / PARTS)
            follow_in_store(arguments.index_dir, lambda done, total: bar(STORING, done, total))
    except HeldError as error:
        teller.error(error)
        return _follow_roll_back(arguments.index_dir, teller)
    except BuildLockedError as error:
        teller.error(error)
        return EXIT_LOCKED
    except (IndexingError, OSError) as error:
        if report is not None:
            teller.error(f"{error}; the folder has the new generation, and the same command goes on from there")
        else:
            teller.error(error if isinstance(error, IndexingError) else f"{error}; the index is left as it was")
        return EXIT_FAILED
    except MemoryError:
        teller.error("there is not enough memory, whatever is taken in; the index is left as it was")
        return EXIT_FAILED
    if arguments.watch:  # from now on, no other index in this folder is taken for this one
        arguments.continues = report.first
    teller.summary(report, time.perf_counter() - started, arguments.index_dir)
    return 0


def _follow_roll_back(index_dir: Path, teller: Teller) -> int:
    """Publish to the store what a roll-back holds; return the exit code of an update that was refused."""
    try:
        follow_in_store(index_dir)
    except IndexingError as error:
        teller.error(error)
    return EXIT_FAILED


def _watch(arguments: argparse.Namespace, paths: Sequence[Path], make_poller: Callable[[], Poller] | None,
           load: Callable[[], Embedder], changes: Changes, teller: Teller) -> int:
    """Keep the index up to date until a signal stops the program; return 0.

    Raises OSError if the system cannot watch the paths.
    """
    on_ending(changes.stop)
    if make_poller is not None:
        threading.Thread(target=poll_on, args=(make_poller, changes, teller), name="poll", daemon=True).start()
    if shared_database() is not None:
        from index.intake.inbox import Inbox

        inbox = Inbox(arguments.index_dir)
        threading.Thread(target=note_arrivals, args=(inbox, changes), name="inbox", daemon=True).start()
    failures = 0
    with watched(paths, arguments.index_dir, changes):
        while not changes.stopped.is_set():
            code = _update(arguments, paths, load, teller, is_exact=False)
            arguments.rebuild = False  # asked for once
            failures = failures + 1 if code == EXIT_FAILED else 0
            again_s = AGAIN_AFTER_S * 2 ** min(failures, 10)
            changes.wait(min(again_s, RESCAN_EVERY_S) if code else RESCAN_EVERY_S)
    return 0
