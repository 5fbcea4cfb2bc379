"""A real QuickFIX C++ engine with one FIX 4.4 session, as a process of its own: it runs until its standard input ends.

quickfix_engine.py acceptor|initiator PORT STORE_FOLDER LOG_FOLDER DICTIONARY
"""

from __future__ import annotations

import sys
from pathlib import Path

import quickfix as fix


class Application(fix.Application):
    """Takes every message, and sends none itself."""

    def onCreate(self, session): ...
    def onLogon(self, session): ...
    def onLogout(self, session): ...
    def toAdmin(self, message, session): ...
    def toApp(self, message, session): ...
    def fromAdmin(self, message, session): ...
    def fromApp(self, message, session): ...


def main(role: str, port: str, store: str, log: str, dictionary: str) -> None:
    sender, target = ("SRV", "CLI") if role == "acceptor" else ("CLI", "SRV")
    values = {
        "ConnectionType": role,
        "BeginString": "FIX.4.4",
        "SenderCompID": sender,
        "TargetCompID": target,
        "StartTime": "00:00:00",
        "EndTime": "00:00:00",
        "DataDictionary": dictionary,
        "FileStorePath": store,
        "FileLogPath": log,
        "HeartBtInt": 30,
        "ReconnectInterval": 1,
        **(
            {"SocketAcceptPort": port, "SocketReuseAddress": "Y"}
            if role == "acceptor"
            else {"SocketConnectHost": "127.0.0.1", "SocketConnectPort": port}
        ),
    }
    config = Path(log) / "engine.cfg"
    lines = [f"{key}={value}" for key, value in values.items()]
    session = [line for line in lines if line.startswith(("BeginString", "SenderCompID", "TargetCompID"))]
    config.write_text("\n".join(["[DEFAULT]", *lines, "[SESSION]", *session, ""]))
    settings = fix.SessionSettings(str(config))
    engine = fix.SocketAcceptor if role == "acceptor" else fix.SocketInitiator
    running = engine(Application(), fix.FileStoreFactory(settings), settings, fix.FileLogFactory(settings))
    running.start()
    print("started", flush=True)
    sys.stdin.read()
    running.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
