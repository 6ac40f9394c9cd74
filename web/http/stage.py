"""What a connection is doing."""

from __future__ import annotations

from enum import Enum, auto


class Stage(Enum):
    """What a connection is doing."""

    IDLE = auto()     # between requests
    HEAD = auto()     # part of a head has arrived
    ARRIVED = auto()  # a head has arrived, and is read soon
    BODY = auto()     # part of a body has arrived
    WORKING = auto()  # a request is in hand, or its response is being read
    LEAVING = auto()  # the last response was given; what the client still sends is thrown away
    CLOSED = auto()
