"""`musnad mcp`: offer the index to agents over the Model Context Protocol."""

from __future__ import annotations

import argparse
import os

from index.errors import DatabaseSettingError, StoreError
from index.exit_codes import EXIT_FAILED, EXIT_USAGE
from index.model.load_reader import add_reader_argument
from index.output import print_line
from index.settings import HOST, MCP_PORT, TRUSTED_HOSTS, TRUSTED_PROXIES, not_empty, whole_number
from index.shared.database import shared_database
from qa.cli import add_answered_from_argument, add_index_arguments
from web.command import Opener
from web.gate.costs import add_rate_limit_argument
from web.gate.logs import set_up
from web.gate.tokens import TokensError, add_tokens_argument, read_grants
from web.service import Service

TRANSPORTS = ("stdio", "http")


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `mcp` to the commands."""
    parser = commands.add_parser("mcp", help="serve agents over the Model Context Protocol (extra: mcp)")
    parser.add_argument("--transport", choices=TRANSPORTS, default="stdio",
                        help="stdio, for an agent that starts this command, or http, streamable HTTP at /mcp "
                             "(default stdio)")
    parser.add_argument("--host", type=not_empty, default=HOST.value(), help=HOST.help("the address to listen on"))
    parser.add_argument("--port", type=int, default=MCP_PORT.value(), help=MCP_PORT.help("the port to listen on"))
    parser.add_argument("--trusted-host", action="append", type=not_empty, default=TRUSTED_HOSTS.values(),
                        metavar="HOST",
                        help=TRUSTED_HOSTS.help("answer requests to this host too; repeatable", default="none"))
    parser.add_argument("--trusted-proxies", type=whole_number(0), default=TRUSTED_PROXIES.value(), metavar="N",
                        help=TRUSTED_PROXIES.help("how many proxies in front of this server to believe about the "
                                                  "client"))
    add_rate_limit_argument(parser)
    add_tokens_argument(parser)
    add_index_arguments(parser)
    add_answered_from_argument(parser)
    add_reader_argument(parser)
    parser.set_defaults(run=_run, llm=None)


def _run(arguments: argparse.Namespace) -> int:
    # No other command needs them.
    from web.gate.admin import Admin
    from web.gate.admission import WAITING
    from web.gate.rate_limits import ClientLimits
    from web.server import AddressError, is_loopback

    try:
        from web.mcp import over_http
        from web.mcp.protocol import create_mcp_server
        from web.mcp.turns import Shares
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        print_line('musnad: the package mcp is not installed; install it with: pip install "musnad[mcp]"')
        return EXIT_FAILED
    is_http = arguments.transport == "http"
    try:
        admin = Admin.from_environment(os.environ, read_grants(arguments.tokens) if arguments.tokens else ())
    except TokensError as error:
        print_line(f"musnad: argument --tokens: {error}")
        return EXIT_USAGE
    if is_http and not admin.has("read") and not is_loopback(arguments.host):
        print_line(f"musnad: other machines can connect to {arguments.host}: set MUSNAD_ADMIN_TOKEN to a long random "
                   f"text, or name with --tokens a file that has one with the scope read; agents send it as "
                   f"Authorization: Bearer TOKEN. Or listen on 127.0.0.1")
        return EXIT_USAGE
    try:
        database = shared_database() if is_http else None  # over pipes, nobody is limited
    except DatabaseSettingError as error:
        print_line(f"musnad: {error}")
        return EXIT_USAGE
    set_up("plain")
    # The standard output belongs to the protocol.
    try:
        opener = Opener(arguments, report=print_line)
    except StoreError as error:
        print_line(f"musnad: MUSNAD_STORE: {error}")
        return EXIT_USAGE
    opener.wait()
    service = Service(arguments.index_dir, opener.open, opener.source)
    service.watch()
    try:
        if is_http:
            shares = Shares(WAITING, ClientLimits(arguments.rate_limit, trusted_proxies=arguments.trusted_proxies,
                                                  database=database))
            over_http.serve(create_mcp_server(service.answerer, shares), admin, arguments.host, arguments.port,
                            arguments.trusted_host, trusted_proxies=arguments.trusted_proxies)
        else:
            create_mcp_server(service.answerer).run()
    except AddressError as error:
        print_line(f"musnad: {error}")
        return EXIT_FAILED
    finally:
        service.stop()
    return 0
