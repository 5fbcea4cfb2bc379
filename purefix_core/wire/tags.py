"""Tag numbers that the program itself needs to know, in any dialect."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

BEGIN_STRING = 8
BODY_LENGTH = 9
CHECK_SUM = 10
MSG_SEQ_NUM = 34
MSG_TYPE = 35
POSS_DUP_FLAG = 43
SENDER_COMP_ID = 49
SENDING_TIME = 52
TARGET_COMP_ID = 56
RAW_DATA_LENGTH = 95
RAW_DATA = 96
PASSWORD = 554
NEW_PASSWORD = 925
APPL_VER_ID = 1128
DEFAULT_APPL_VER_ID = 1137
ENCRYPTED_PASSWORD = 1402
ENCRYPTED_NEW_PASSWORD = 1404

LOGON = "A"
USER_REQUEST = "BE"

ADMIN_MSG_TYPES = frozenset("0 1 2 3 4 5 A".split())
"""MsgTypes of the session level (FIX session protocol): Heartbeat, TestRequest, ResendRequest, Reject,
SequenceReset, Logout, Logon. XMLnonFIX (n) is an application message to most readers and is not listed."""

_LENGTH_THEN_DATA = (
    "90:91 93:89 95:96 212:213 348:349 350:351 352:353 354:355 356:357 358:359 360:361 362:363 364:365 445:446 "
    "618:619 621:622 1184:1185 1277:1278 1280:1281 1282:1283 1397:1398 1401:1402 1403:1404 1468:1469 1525:1527 "
    "1578:1579 1620:1621 1664:1665 1678:1697 1733:1734 1871:1872 1874:1875 2072:2073 2074:2075 2111:2112 "
    "2179:2180 2287:2288 2351:2352 2372:2371 2481:2482 2494:2493 2522:2521 2637:2638 2651:2652 2665:2666 "
    "2715:2716 2718:2719 2721:2722 2797:2798 2802:2801 2809:2808 2815:2814 40004:40005 40008:40009 40978:40979 "
    "40980:40981 40982:40983 40984:40985 40986:40987 40988:40989 41083:41084 41101:41102 41107:41108 41256:41257 "
    "41320:41321 41324:41325 41458:41459 41476:41477 41482:41483 41653:41654 41710:41711 41806:41807 41811:41812 "
    "41873:41874 41969:41970 42025:42026 42171:42172 42451:42452 42652:42653 42947:42948 43109:42684 43110:42486 "
    "43111:42982"
)

DATA_TAG_BY_LENGTH_TAG: Mapping[int, int] = MappingProxyType(
    {int(length): int(data) for length, data in (pair.split(":") for pair in _LENGTH_THEN_DATA.split())}
)
"""Tags of type LENGTH mapped to the DATA field that each announces, over all standard FIX versions. The value of
such a data field may hold any byte, the separator included. A dialect may add its own pairs."""
