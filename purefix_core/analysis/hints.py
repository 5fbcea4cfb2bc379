"""What to try, for what the event log of a session says went wrong."""

from __future__ import annotations

import re

_MOST_TEXT = 1000
"""Characters of a line that are looked at."""

_TABLE: tuple[tuple[str, str], ...] = (
    # -- it speaks something else
    (
        r"no FIX message, they look like HTTP",
        "A web server or a proxy answers there: check host and port.",
    ),
    (
        r"no FIX message, they look like (?:a TLS alert|TLS)",
        "The other side speaks TLS and we do not: check SocketUseSSL on both, and the port.",
    ),
    (
        r"no FIX message, they look like",
        "Something else than FIX is spoken there: check host and port, and whether both sides use TLS.",
    ),
    # -- the counterparty refuses the Logon; its words are its own
    (
        r"Logon is refused: .*(?:passw|credential|user ?name|authenticat|authori[sz]|login|not permitted|user\b)",
        "Check Username and Password with the counterparty, and whether it wants them in further tags of the Logon.",
    ),
    (
        r"Logon is refused: .*seq.*too low|Logon is refused: .*seq.*(?:lower|less) than|MsgSeqNum too low",
        "One side has lost numbers: set the next number to the one that is expected, and log on again.",
    ),
    (
        r"Logon is refused: .*(?:comp ?id|unknown (?:session|sender|target)|no such session)|CompID problem",
        "Check SenderCompID and TargetCompID, their SubIDs too: the counterparty's 49 is our 56.",
    ),
    (
        r"Logon is refused: .*(?:SendingTime|sending time|clock)|SendingTime accuracy problem",
        "The clocks of the two sides differ: set this machine's, or raise MaxLatency (docs/sessions.md).",
    ),
    (
        r"Logon is refused: .*HeartBtInt|Logon is refused: .*heartbeat",
        "Ask the counterparty which HeartBtInt it takes, and set that.",
    ),
    (r"BeginString", "The two sides speak different versions of FIX: check BeginString on both."),
    (
        r"our Logon is refused",
        "The counterparty has answered the Logon with a Logout: its text, if it has one, says why.",
    ),
    # -- it says nothing
    (
        r"our Logon was not answered in time",
        "The connection is there but nobody answers: check host and port, the CompIDs, and whether it wants TLS.",
    ),
    (
        r"our Logon was not answered",
        "It hung up on our Logon: check the CompIDs and BeginString, whether somebody is logged on with them already,"
        " whether it knows this address, and whether it wants TLS (SocketUseSSL) or a certificate of ours.",
    ),
    (
        r"no Logon came in time|no Logon within",
        "Somebody has connected but sent no Logon: check whether one side uses TLS and the other does not.",
    ),
    (
        r"nothing came from the peer, not even an answer",
        "The line or the counterparty is gone: connect again, and what was missed is asked for.",
    ),
    # -- TLS
    (
        r"Socket\w+File: .*Permission denied",
        "The file cannot be read: check who owns it.",
    ),
    (
        r"certificate is not valid for",
        "The certificate is for another name: set SocketServerName to the name that it has.",
    ),
    (r"certificate has expired", "The certificate is out of date: ask its owner for a new one."),
    (r"certificate is not yet valid", "The certificate is of a later date: check this machine's clock."),
    (
        r"the certificate is refused",
        "The certificate is signed by nobody whom we trust: set SocketCAFile to the counterparty's authority.",
    ),
    (
        r"did not return a certificate|certificate required|unknown ca\b|bad certificate",
        "A certificate is asked for and none, or one of another authority, was shown: set SocketCertificateFile and"
        " SocketPrivateKeyFile of the side that connects.",
    ),
    (
        r"unsupported protocol|protocol version|no shared cipher|handshake failure",
        "The two sides have no version of TLS, or no cipher, in common: check SocketMinimumTLSVersion.",
    ),
    (
        r"wrong version number|http request|record layer failure|unexpected eof|record overflow|while TLS was being",
        "One side speaks TLS and the other does not: check SocketUseSSL on both, and the port.",
    ),
    # -- the way there
    (
        r"Connection refused",
        "Nobody listens there: check host and port, and whether the counterparty is up at this hour.",
    ),
    (
        r"no answer within|Connection timed out|timed out",
        "Nothing answers: check host and port, the firewall and the VPN.",
    ),
    (
        r"Name or service not known|nodename nor servname|name resolution|No address associated",
        "The name of the host is not known: check SocketConnectHost for slips, and this machine's DNS or VPN.",
    ),
    (r"No route to host|Network is unreachable", "There is no way to that address: check the network and the VPN."),
    (
        r"Connection reset",
        "The other side, or a firewall before it, has cut the connection: check host and port, TLS, and whether it"
        " knows this address.",
    ),
    # -- the acceptor
    (
        r"Address already in use",
        "Another program listens on this port: stop it, or set another SocketAcceptPort.",
    ),
    (
        r"cannot listen .*Permission denied",
        "This user may not listen there: take a port of 1024 or above.",
    ),
    (
        r"Cannot assign requested address",
        "This machine has no such address: check SocketAcceptAddress, or leave it out for all.",
    ),
    (
        r"there is no session",
        "Somebody else has logged on, or with other CompIDs: its 49 must be our TargetCompID, its 56 our SenderCompID.",
    ),
    (r"AllowedRemoteAddresses", "That address is not in AllowedRemoteAddresses: add it if it is the counterparty's."),
    (
        r"is connected already",
        "The session is on another connection: the counterparty has two programs that log on, or an old one hangs.",
    ),
    # -- here
    (r"outside of the session's hours", "Wait for the hours, or change StartTime and EndTime if they are wrong."),
    (
        r"is in use by",
        "Another program has this message store: stop that session first, since two must not write one store.",
    ),
    (r"No space left|Disk quota", "The disk is full: make room, then connect again."),
    (
        r"cannot be read: .*(?:Permission denied|Operation not permitted)",
        "The files cannot be read: check who owns the folder, and FileStorePath.",
    ),
    (
        r"store cannot be used: .*(?:Permission denied|Operation not permitted)",
        "The files cannot be read or written: check who owns the folder, and FileStorePath.",
    ),
    (
        r"Permission denied|Read-only file system|Operation not permitted",
        "The files cannot be written: check who owns the folder, FileStorePath and FileLogPath.",
    ),
    (
        r"message store (?:fails|still fails|cannot be used)",
        "Look at the store in the Stores tab: verify tells what is wrong with it.",
    ),
)

_HINTS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), hint) for pattern, hint in _TABLE)


def hint_for(text: str) -> str:
    """One sentence on what to try, for a line of the event log or the text of an EngineError or StoreError; the empty
    string where there is none. The texts are those of the engine, and of OpenSSL and the system within them."""
    line = text[:_MOST_TEXT]
    return next((hint for pattern, hint in _HINTS if pattern.search(line)), "")
