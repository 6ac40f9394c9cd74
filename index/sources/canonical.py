"""Compute the canonical form of an article's URL, and the article id derived from it."""

from __future__ import annotations

import hashlib
import re
import string
from urllib.parse import urljoin, urlsplit

from index.types import Article

# Parameters that tell where a visitor came from and never choose the page. Left out: any that some site might use to
# choose a page ("id", "page", "ref", "source").
TRACKING_PREFIXES = ("utm_", "hsa_", "pk_", "mtm_")  # Google Analytics, HubSpot Ads, Matomo (old and new)
TRACKING = frozenset({
    "fbclid", "igshid", "igsh",                                                # Meta
    "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "_ga", "_gl",  # Google
    "msclkid", "yclid", "ysclid", "twclid", "ttclid", "li_fat_id", "epik",     # Microsoft, Yandex, X, TikTok, LinkedIn
    "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok", "vero_id", "oly_enc_id", "oly_anon_id",  # newsletters
    "xtor", "at_medium", "at_campaign", "at_link_origin", "at_link_type", "at_link_id", "at_format",  # AT Internet
    "ref_src", "ref_url", "cmpid", "ocid", "traffic_source", "ns_mchannel", "ns_source", "ns_campaign",  # newsrooms'
})
DEFAULT_PORTS = {"http": 80, "https": 443}
UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")  # RFC 3986, section 2.3
KEPT_IN_PATH = UNRESERVED | frozenset("!$&'()*+,;=:@/%")
KEPT_IN_QUERY = KEPT_IN_PATH | frozenset("?")
SKINS = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.)")
AUTHORITY = re.compile(r"(https?://[^\s/?#]+)(.*)", re.IGNORECASE | re.DOTALL)
LINE_BREAKS = re.compile(r"[\t\r\n]+")
# What stands between the slashes, and the host in it. Anything else may be read as another host elsewhere: a browser
# takes the backslash of https://one.example\@two.example/ for a slash, and goes to the first.
NETLOC = re.compile(r"(?:[^\\]*@)?(?:\[[^\]]*\]|[^:\[\]@\\]*)(?::\d*)?", re.ASCII)
HOST = re.compile(r"\w(?:[\w.-]*\w)?|\[[0-9a-f:.]+\]", re.ASCII)
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


def canonical_address(url: str) -> str:
    """Return the canonical form that all spellings of an http or https address share; "" for any other text.

    A host that programs read differently has none, such as one with a backslash or an escape.

    The form follows RFC 3986, sections 6.2.2 and 6.2.3 (case, percent-encoding, dot segments, default port). The host
    is in its ASCII form (UTS 46). http becomes https. The fragment, the user name and tracking parameters are removed.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:  # a broken IPv6 host, a port that is not a number
        return ""
    scheme = parts.scheme.lower()
    host = _ascii_host(parts.hostname or "")
    if scheme not in DEFAULT_PORTS or not HOST.fullmatch(host) or not NETLOC.fullmatch(parts.netloc):
        return ""
    authority = host if port in (None, DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = without_dot_segments(_escaped(parts.path, KEPT_IN_PATH)) or "/"
    query = "&".join(
        parameter for parameter in _escaped(parts.query, KEPT_IN_QUERY).split("&")
        if parameter and not _is_tracking(parameter))
    return f"https://{authority}{path}" + (f"?{query}" if query else "")


def address_id(url: str) -> str:
    """Return the id of the article at `url`: 16 hexadecimal digits of the SHA-256 of its canonical address.

    If `url` has no canonical form, `url` itself is hashed.
    """
    return hashlib.sha256((canonical_address(url) or url).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_address_id(article: Article) -> bool:
    """Tell whether the id of `article` was derived from its address."""
    return bool(article.url) and article.id == address_id(article.url)


def believed_address(declared: str, fetched_from: str) -> str:
    """Return the address that a page declares if it can be believed, else the address from which the page was fetched.

    A fetched page may only declare an address on its own site. Hosts that differ only by www., m. or amp. are one site.
    `fetched_from` is empty for a page that was not fetched. Returns "" if neither is an http or https address.
    """
    try:
        address = repaired_address(urljoin(fetched_from, declared.strip())) if declared.strip() else ""
    except ValueError:
        address = ""
    if not canonical_address(address):
        address = ""
    if fetched_from and address and site_of(address) != site_of(fetched_from):
        address = ""
    if is_front_page(address) and not is_front_page(fetched_from):  # declared by a template on every page of a site
        address = ""
    return address or (fetched_from if canonical_address(fetched_from) else "")


def repaired_address(address: str) -> str:
    """Return an http or https address as a browser reads it: without line breaks, and with spaces and characters that
    cannot be printed escaped. An address that cannot be repaired is returned as it is.
    """
    parts = AUTHORITY.fullmatch(LINE_BREAKS.sub("", address).strip())
    if not parts:
        return address
    return parts[1] + "".join(
        "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
        if character.isspace() or not character.isprintable() else character for character in parts[2])


def is_front_page(address: str) -> bool:
    """Tell whether an address is that of a whole site, without a path or a query."""
    parts = urlsplit(canonical_address(address))
    return parts.path == "/" and not parts.query


def site_of(address: str) -> str:
    """Return the site of an http or https address: its host, without www., m. or amp., and its port if not the usual.

    Returns "" for any other text.
    """
    return SKINS.sub("", urlsplit(canonical_address(address)).netloc)


def without_dot_segments(path: str) -> str:
    """Resolve `.` and `..` in `path` (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")
    for place, segment in enumerate(segments):
        is_last = place == len(segments) - 1
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
            if is_last:
                kept.append("")
        elif segment != ".":
            kept.append(segment)
        elif is_last:
            kept.append("")
    return "/".join(kept)


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    import idna  # its tables take a moment to load, and few hosts need them

    try:
        return str(idna.encode(host, uts46=True).decode("ascii"))
    except idna.IDNAError:
        return ""


def _escaped(part: str, kept: frozenset[str]) -> str:
    """Normalise the percent-encoding of `part`.

    Escapes of unreserved characters are decoded, and all characters outside `kept` are escaped with capital digits.
    """
    unescaped = ESCAPE.sub(lambda escape: _unescaped(escape[1]), part)
    return "".join(
        character if character in kept else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
        for character in unescaped)


def _unescaped(digits: str) -> str:
    character = chr(int(digits, 16))
    return character if character in UNRESERVED else f"%{digits.upper()}"
