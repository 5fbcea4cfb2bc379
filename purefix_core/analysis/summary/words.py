"""Lower-case human words for the enumerated values that sentences are made of, by tag and value.

Meanings are those of the FIX specification, FIX 4.0 to 5.0 SP2; where two versions gave one code different
meanings, the later one stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _table(text: str) -> Mapping[str, str]:
    """`"1 buy; 2 sell"` as a mapping from value to words."""
    pairs = (entry.split(None, 1) for entry in text.split(";"))
    return {value: " ".join(words.split()) for value, words in pairs}


_ORDER_STATE = """0 new; 1 partially filled; 2 filled; 3 done for day; 4 cancelled; 5 replaced; 6 pending cancel;
    7 stopped; 8 rejected; 9 suspended; A pending new; B calculated; C expired; E pending replace"""

WORDS: Mapping[int, Mapping[str, str]] = {
    # AdvSide
    4: _table("B buy; S sell; X cross; T trade"),
    # IOIQty / IOIShares
    27: _table("S small; M medium; L large; U undisclosed quantity"),
    # OrdStatus
    39: _table(_ORDER_STATE + "; D accepted for bidding"),
    # OrdType
    40: _table(
        """1 at market; 2 limit; 3 stop; 4 stop limit; 5 market on close; 6 with or without; 7 limit or better;
        8 limit with or without; 9 on basis; A on close; B limit on close; C forex market; D previously quoted;
        E previously indicated; F forex limit; G forex swap; H forex previously quoted; I funari;
        J market if touched; K market with left over as limit; L previous fund valuation point;
        M next fund valuation point; P pegged; Q counter-order selection; R stop on bid or offer;
        S stop limit on bid or offer"""
    ),
    # Side
    54: _table(
        """1 buy; 2 sell; 3 buy minus; 4 sell plus; 5 sell short; 6 sell short exempt; 7 undisclosed side; 8 cross;
        9 cross short; A cross short exempt; B side as defined; C side opposite; D subscribe; E redeem; F lend;
        G borrow; H sell undisclosed"""
    ),
    # TimeInForce
    59: _table(
        """0 day; 1 GTC; 2 at the opening; 3 IOC; 4 FOK; 5 GTX; 6 GTD; 7 at the close; 8 good through crossing;
        9 at crossing; A good for time; B good for auction; C good for month"""
    ),
    # AllocTransType
    71: _table("0 new; 1 replace; 2 cancel; 3 preliminary; 4 calculated; 5 calculated without preliminary; 6 reverse"),
    # AllocStatus
    87: _table(
        """0 accepted; 1 block level reject; 2 account level reject; 3 received; 4 incomplete;
        5 rejected by intermediary; 6 pending; 7 reversed; 8 cancelled by intermediary; 9 claimed; 10 refused;
        11 pending give-up approval; 12 cancelled; 13 pending take-up approval; 14 reversal pending"""
    ),
    # AllocRejCode
    88: _table(
        """0 unknown account; 1 incorrect quantity; 2 incorrect average price; 3 unknown executing broker;
        4 commission difference; 5 unknown OrderID; 6 unknown ListID; 7 other; 8 incorrect allocated quantity;
        9 calculation difference; 10 unknown or stale ExecID; 11 mismatched data; 12 unknown ClOrdID;
        13 warehouse request rejected; 99 other"""
    ),
    # CxlRejReason
    102: _table(
        """0 too late to cancel; 1 unknown order; 2 broker or exchange option; 3 already pending cancel or replace;
        4 unable to process mass cancel; 5 order was modified meanwhile; 6 duplicate ClOrdID;
        7 price exceeds current price; 8 price exceeds current price band; 18 invalid price increment; 99 other"""
    ),
    # OrdRejReason
    103: _table(
        """0 broker or exchange option; 1 unknown symbol; 2 exchange closed; 3 order exceeds limit;
        4 too late to enter; 5 unknown order; 6 duplicate order; 7 duplicate of a verbal order; 8 stale order;
        9 trade along required; 10 invalid investor ID; 11 unsupported order characteristic;
        12 surveillance option; 13 incorrect quantity; 14 incorrect allocated quantity; 15 unknown account;
        16 price exceeds current price band; 18 invalid price increment; 99 other"""
    ),
    # DKReason
    127: _table(
        """A unknown symbol; B wrong side; C quantity exceeds order; D no matching order; E price exceeds limit;
        F calculation difference; G no matching execution; Z other"""
    ),
    # ExecType
    150: _table(
        _ORDER_STATE
        + """; D restated; F trade; G trade corrected; H trade cancelled; I order status;
        J trade in a clearing hold; K trade released to clearing; L triggered"""
    ),
    # MDEntryType
    269: _table(
        """0 bid; 1 offer; 2 trade; 3 index; 4 open; 5 close; 6 settlement; 7 high; 8 low; 9 VWAP; A imbalance;
        B trade volume; C open interest; D composite underlying price; E simulated sell; F simulated buy;
        G margin rate; H mid; J empty book; K settle high; L settle low; M prior settle; N session high bid;
        O session low offer; P early prices; Q auction clearing price; R daily value adjustment; W fixing;
        X cash rate"""
    ),
    # MDReqRejReason
    281: _table(
        """0 unknown symbol; 1 duplicate MDReqID; 2 insufficient bandwidth; 3 insufficient permissions;
        4 unsupported subscription type; 5 unsupported market depth; 6 unsupported update type;
        7 unsupported aggregated book; 8 unsupported entry type; 9 unsupported trading session;
        A unsupported scope; B unsupported open, close or settle flag; C unsupported implicit delete;
        D insufficient credit"""
    ),
    # QuoteStatus / QuoteAckStatus
    297: _table(
        """0 accepted; 1 cancelled for symbol; 2 cancelled for security type; 3 cancelled for underlying;
        4 all cancelled; 5 rejected; 6 removed from market; 7 expired; 8 query; 9 quote not found; 10 pending;
        11 pass; 12 locked market warning; 13 crossed market warning; 14 cancelled due to locked market;
        15 cancelled due to crossed market; 16 active; 17 cancelled; 18 unsolicited replenishment;
        19 pending end trade; 20 too late to end"""
    ),
    # QuoteCancelType
    298: _table("1 symbol; 2 security type; 3 underlying; 4 all; 5 quote"),
    # QuoteRejectReason
    300: _table(
        """1 unknown symbol; 2 exchange closed; 3 quote exceeds limit; 4 too late to enter; 5 unknown quote;
        6 duplicate quote; 7 invalid bid/ask spread; 8 invalid price; 9 not authorized to quote security; 99 other"""
    ),
    # SecurityRequestType
    321: _table(
        """0 identity and specifications; 1 identity for the specifications given; 2 list of security types;
        3 list of securities"""
    ),
    # SecurityResponseType
    323: _table(
        """1 accepted as is; 2 accepted with revisions; 3 list of security types; 4 list of securities;
        5 rejected; 6 selection criteria do not match"""
    ),
    # SecurityTradingStatus
    326: _table(
        """1 opening delay; 2 trading halt; 3 resumed; 4 no open, no resume; 5 price indication;
        6 trading range indication; 7 market imbalance to buy; 8 market imbalance to sell;
        9 market on close imbalance to buy; 10 market on close imbalance to sell; 12 no market imbalance;
        13 no market on close imbalance; 14 ITS pre-opening; 15 new price indication;
        16 trade dissemination time; 17 ready to trade; 18 not available for trading;
        19 not traded on this market; 20 status unknown; 21 pre-open; 22 opening rotation; 23 fast market;
        24 pre-cross; 25 cross; 26 post-close; 27 no cancel"""
    ),
    # TradSesStatus
    340: _table("0 unknown; 1 halted; 2 open; 3 closed; 4 pre-open; 5 pre-close; 6 request rejected"),
    # SessionRejectReason
    373: _table(
        """0 invalid tag number; 1 required tag missing; 2 tag not defined for this message type; 3 undefined tag;
        4 tag without a value; 5 value out of range; 6 incorrect data format; 7 decryption problem;
        8 signature problem; 9 CompID problem; 10 SendingTime accuracy problem; 11 invalid MsgType;
        12 XML validation error; 13 tag appears more than once; 14 tag out of required order;
        15 group fields out of order; 16 incorrect group count; 17 field separator inside a value;
        18 invalid or unsupported application version; 99 other"""
    ),
    # ExecRestatementReason
    378: _table(
        """0 GT corporate action; 1 GT renewal; 2 verbal change; 3 repricing of order; 4 broker option;
        5 partial decline of quantity; 6 cancel on trading halt; 7 cancel on system failure;
        8 market or exchange option; 9 cancelled, not best; 10 warehouse recap; 11 peg refresh;
        12 cancel on connection loss; 13 cancel on logout; 14 time priority assigned;
        15 cancelled for trade price violation; 16 cancelled for cross imbalance; 99 other"""
    ),
    # BusinessRejectReason
    380: _table(
        """0 other; 1 unknown ID; 2 unknown security; 3 unsupported message type; 4 application not available;
        5 conditionally required field missing; 6 not authorized; 7 DeliverTo firm not available;
        8 throttle limit exceeded; 18 invalid price increment"""
    ),
    # ListStatusType
    429: _table("1 acknowledged; 2 response; 3 timed; 4 execution started; 5 all done; 6 alert"),
    # ListOrderStatus
    431: _table(
        """1 in bidding process; 2 received for execution; 3 executing; 4 cancelling; 5 alert; 6 all done;
        7 rejected"""
    ),
    # TradeReportTransType
    487: _table("0 new; 1 cancel; 2 replace; 3 release; 4 reverse; 5 cancel due to back out of trade"),
    # MassCancelRequestType
    530: _table(
        """1 security; 2 underlying security; 3 product; 4 CFICode; 5 security type; 6 trading session; 7 all;
        8 market; 9 market segment; A security group; B security issuer"""
    ),
    # MassCancelRejectReason
    532: _table(
        """0 mass cancel not supported; 1 unknown security; 2 unknown underlying; 3 unknown product;
        4 unknown CFICode; 5 unknown security type; 6 unknown trading session; 99 other"""
    ),
    # SecurityRequestResult
    560: _table(
        """0 valid request; 1 invalid or unsupported request; 2 no instruments found; 3 not authorized;
        4 data temporarily unavailable; 5 request for instrument data not supported"""
    ),
    # TradeRequestType
    569: _table(
        """0 all trades; 1 trades that match; 2 unmatched trades; 3 unreported trades; 4 advisories that match"""
    ),
    # QuoteRequestRejectReason
    658: _table(
        """1 unknown symbol; 2 exchange closed; 3 quote request exceeds limit; 4 too late to enter; 5 invalid price;
        6 not authorized to request quote; 7 no match for inquiry; 8 no market for instrument; 9 no inventory;
        10 pass; 11 insufficient credit; 99 other"""
    ),
    # ConfirmStatus
    665: _table(
        """1 received; 2 mismatched account; 3 missing settlement instructions; 4 confirmed; 5 request rejected"""
    ),
    # ConfirmTransType
    666: _table("0 new; 1 replace; 2 cancel"),
    # QuoteRespType
    694: _table("1 hit or lift; 2 counter; 3 expired; 4 cover; 5 done away; 6 pass; 7 end trade; 8 timed out; 9 tied"),
    # PosReqResult
    728: _table(
        """0 valid request; 1 invalid or unsupported request; 2 no positions found; 3 not authorized;
        4 request not supported; 99 other"""
    ),
    # TradeRequestResult
    749: _table(
        """0 successful; 1 invalid or unknown instrument; 2 invalid type of trade requested; 3 invalid parties;
        4 invalid transport type; 5 invalid destination; 8 TradeRequestType not supported; 9 not authorized;
        99 other"""
    ),
    # TradeRequestStatus
    750: _table("0 accepted; 1 completed; 2 rejected"),
    # TradeReportRejectReason
    751: _table(
        """0 successful; 1 invalid party; 2 unknown instrument; 3 not authorized to report trades;
        4 invalid trade type; 99 other"""
    ),
    # ConfirmRejReason
    774: _table("1 mismatched account; 2 missing settlement instructions; 99 other"),
    # UserRequestType
    924: _table("1 log on; 2 log off; 3 change password of; 4 ask for status of"),
    # UserStatus
    926: _table(
        """1 logged in; 2 not logged in; 3 user not recognised; 4 password incorrect; 5 password changed; 6 other;
        7 forced out; 8 session shutdown warning"""
    ),
    # TrdRptStatus
    939: _table("0 accepted; 1 rejected; 2 cancelled; 3 accepted with errors; 4 pending new; 5 pending cancel"),
    # AffirmStatus
    940: _table("1 received; 2 rejected; 3 affirmed"),
    # ApplVerID and DefaultApplVerID
    1137: _table(
        """0 FIX 2.7; 1 FIX 3.0; 2 FIX 4.0; 3 FIX 4.1; 4 FIX 4.2; 5 FIX 4.3; 6 FIX 4.4; 7 FIX 5.0; 8 FIX 5.0 SP1;
        9 FIX 5.0 SP2"""
    ),
    # SessionStatus
    1409: _table(
        """0 session active; 1 password changed; 2 password due to expire; 3 new password breaks policy;
        4 logout complete; 5 invalid username or password; 6 account locked; 7 logons not allowed now;
        8 password expired; 9 received MsgSeqNum too low; 10 received NextExpectedMsgSeqNum too high"""
    ),
}
"""The words by tag, then by value."""

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")


def humanise(meaning: str) -> str:
    """A dictionary's name of a value in lower-case words: `PARTIALLY_FILLED` and `PartiallyFilled` alike."""
    return _HUMPS.sub(" ", meaning).replace("_", " ").lower()
