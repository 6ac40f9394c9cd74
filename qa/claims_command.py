"""`musnad claims`: have claims, quotes and questions stand, list them and their alerts, and remove them.

The command writes into the index folder's database; a server of that folder matches and sends.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from index.generation.snapshot import open_snapshot
from index.output import print_line, printable
from index.settings import add_index_dir_argument
from qa.command_output import as_json, language_of
from qa.standing.atom import alert_in_words
from qa.standing.store import StandingStore
from qa.standing.types import STANDING_KINDS, Alert, StandingClaim, Wanted, feed_path
from qa.standing.webhook import shown_secret


def add_arguments(claims: argparse.ArgumentParser) -> None:
    """Add the actions to the parser of `claims`."""
    actions = claims.add_subparsers(title="actions", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="save a claim, which later generations are matched against")
    add.add_argument("text", metavar="TEXT")
    add.add_argument("--kind", choices=STANDING_KINDS, default="claim", help="what it is (default claim)")
    add.add_argument("--speaker", default="", metavar="NAME", help="who is said to have said a quote")
    add.add_argument("--webhook", default="", metavar="URL", help="the address that alerts are sent to, signed")
    _add_action(add, _add)
    _add_action(actions.add_parser("list", help="list the claims that stand"), _list)
    remove = actions.add_parser("remove", help="remove a claim with its alerts")
    remove.add_argument("claim", metavar="CLAIM", help="its id")
    _add_action(remove, _remove)
    alerts = actions.add_parser("alerts", help="list alerts, the newest first")
    alerts.add_argument("claim", metavar="CLAIM", nargs="?", default="", help="of this claim (default: of all)")
    _add_action(alerts, _alerts)


def _add_action(parser: argparse.ArgumentParser, action: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_index_dir_argument(parser)
    parser.set_defaults(run=action)


def _add(arguments: argparse.Namespace) -> int:
    wanted = Wanted.parse(arguments.kind, arguments.text, arguments.speaker, arguments.webhook)
    claim = StandingStore(arguments.index_dir).save(wanted, open_snapshot(arguments.index_dir, any_analyzer=True))
    secret = shown_secret(claim.secret) if claim.secret else None
    if arguments.json:
        print(as_json({**claim.as_json(), "secret": secret}))
        return 0
    print(claim.id)
    if secret:
        print_line(f"the secret that signs its webhook, which is shown this once: {secret}")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    store = StandingStore(arguments.index_dir)
    claims, feed = store.claims(), store.feed_of_owner("")
    if arguments.json:
        print(as_json({"claims": [claim.as_json() for claim in claims], "feed_url": feed_path(feed) if feed else None}))
        return 0
    for claim in claims:
        print(printable(f"{claim.id}  {claim.kind:8}  {len(store.alerts(claim.id)):3}  {claim.text}"))
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    StandingStore(arguments.index_dir).remove(arguments.claim)
    if arguments.json:
        print(as_json({"removed": arguments.claim}))
    return 0


def _alerts(arguments: argparse.Namespace) -> int:
    store = StandingStore(arguments.index_dir)
    claims = [store.claim(arguments.claim)] if arguments.claim else store.claims()
    found = sorted(((alert, claim) for claim in claims for alert in store.alerts(claim.id)),
                   key=lambda each: each[0].at, reverse=True)
    if arguments.json:
        print(as_json({"alerts": [alert.as_json() for alert, _ in found]}))
        return 0
    for alert, claim in found:
        print("\n".join(map(printable, _lines(alert, claim))))
    return 0


def _lines(alert: Alert, claim: StandingClaim) -> Iterator[str]:
    place = alert.place
    yield f"{alert.at}  {alert_in_words(alert, claim, language_of(claim.text))}: {claim.text}"
    yield f"    {place.quote}"
    described = ", ".join(filter(None, (place.title, place.source, place.published[:10])))
    yield f"    {place.article_id} {place.start}-{place.end}  {described}".rstrip()
    if alert.also_in:
        yield f"    + {', '.join(each.article_id for each in alert.also_in)}"
