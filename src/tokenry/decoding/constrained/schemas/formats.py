"""Formats of strings as regular expressions, from the documents that define them.

RFC 3339 (dates, times, durations), RFC 5321 (addresses of mail), RFC 1123 (names of hosts),
RFC 3986 (IPv6, URIs), RFC 9562 (UUIDs). Days fit their month; in February there are always 29.
"""

from __future__ import annotations

from typing import Final

_MONTHS_AND_DAYS: Final = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|[12][0-9]))"
)
_DATE: Final = f"[0-9]{{4}}-{_MONTHS_AND_DAYS}"
_HOURS: Final = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIME: Final = rf"{_HOURS}:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[zZ]|[+-]{_HOURS})"
_CLOCK: Final = "(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_CALENDAR: Final = "(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_GROUP: Final = "[0-9a-fA-F]{1,4}"
_ATOM: Final = r"[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~]+"
_LABEL: Final = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_SHORT_LABEL: Final = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_PERCENT: Final = "%[0-9a-fA-F]{2}"
_NAME: Final = r"[a-zA-Z0-9\-._~!$&'()*+,;=]"
_SEGMENT: Final = rf"(?:[a-zA-Z0-9\-._~!$&'()*+,;=:@]|{_PERCENT})"
_QUERY: Final = rf"(?:[a-zA-Z0-9\-._~!$&'()*+,;=:@/?]|{_PERCENT})*"


def _ipv6() -> str:
    """Eight groups, or fewer around one ``::``."""
    shortened = ["::"] + [
        f"(?:{_GROUP}:){{{before - 1}}}{_GROUP}::" if before else "::" for before in range(1, 8)
    ]
    behind = [
        f"(?:{_GROUP}:){{{before - 1}}}{_GROUP}::(?:{_GROUP}:){{0,{6 - before}}}{_GROUP}"
        if before
        else f"::(?:{_GROUP}:){{0,6}}{_GROUP}"
        for before in range(7)
    ]
    return "|".join([f"(?:{_GROUP}:){{7}}{_GROUP}", *shortened, *behind])


_HOST: Final = (
    rf"(?:\[(?:{_ipv6()}|v[0-9a-fA-F]+\.[a-zA-Z0-9\-._~!$&'()*+,;=:]+)\]"
    rf"|{_IPV4}|(?:{_NAME}|{_PERCENT})*)"
)
_AUTHORITY: Final = rf"(?:(?:{_NAME[:-1]}:]|{_PERCENT})*@)?{_HOST}(?::[0-9]*)?"
_PATH: Final = f"{_SEGMENT}+(?:/{_SEGMENT}*)*"
FORMATS: Final = {
    "date": _DATE,
    "time": _TIME,
    "date-time": f"{_DATE}[tT]{_TIME}",
    "duration": f"P(?:{_CALENDAR}(?:T{_CLOCK})?|T{_CLOCK}|[0-9]+W)",
    "email": rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}(?:\.{_LABEL})*|\[{_IPV4}\])",
    "hostname": rf"{_SHORT_LABEL}(?:\.{_SHORT_LABEL})*",
    "ipv4": _IPV4,
    "ipv6": _ipv6(),
    "uuid": "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "uri": (
        rf"[a-zA-Z][a-zA-Z0-9+\-.]*:(?://{_AUTHORITY}(?:/{_SEGMENT}*)*|/(?:{_PATH})?|{_PATH}|)"
        rf"(?:\?{_QUERY})?(?:\#{_QUERY})?"
    ),
}
"""By the names of the keyword ``format``."""
