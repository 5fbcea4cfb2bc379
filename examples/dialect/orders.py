"""Adds up what was filled in a log of Larkspur's dialect, and builds an order: see docs/tutorial.md.

larkspur_types is generated from LARKSPUR44.xml; it lies beside this file, where Python finds it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from larkspur_types import ExecutionReport, NewOrderSingle
from larkspur_types.components import LksRouting
from larkspur_types.enums import ExecType, LksRoutePlan, LksSliceStyle, OrdType, Side

from purefix_core import TypeRegistry
from purefix_core.types import RawText, UtcTimestamp

HERE = Path(__file__).resolve().parent
Slice = LksRouting.NoLksSlicesEntry


def filled_by_symbol(log: Path) -> dict[str, Decimal]:
    """The sum of LastQty(32) of all trades in the log, by Symbol(55)."""
    registry = TypeRegistry()
    registry.load_from_file(HERE / "TypeRegistry.json")
    filled: defaultdict[str, Decimal] = defaultdict(Decimal)
    for message in registry.create_parser("larkspur").parse_file(log):
        if not isinstance(message, ExecutionReport) or message.ExecType != ExecType.TRADE:
            continue
        if message.Symbol is None or message.LastQty is None or isinstance(message.LastQty, RawText):
            print(f"passed over: {message!r}", file=sys.stderr)
            continue
        filled[message.Symbol] += message.LastQty
    return dict(filled)


def sliced_order() -> NewOrderSingle:
    """An order with a field, a component and a group that only Larkspur has."""
    order = NewOrderSingle(
        ClOrdID="W6",
        Symbol="FERN",
        Side=Side.BUY,
        TransactTime=UtcTimestamp.parse("20250512-09:00:00.000"),
        OrderQty=Decimal(600),
        OrdType=OrdType.LIMIT,
        Price=Decimal("12.50"),
        LksDeskID="EQ-7",
    )
    order.LksRouting.LksRoutePlan = LksRoutePlan.DARK_FIRST_THEN_LIT
    order.LksRouting.NoLksSlices.append(Slice(LksVenue="MOSS", LksSliceQty=Decimal(400)))
    order.LksRouting.NoLksSlices.append(
        Slice(LksVenue="HOME", LksSliceQty=Decimal(200), LksSliceStyle=LksSliceStyle.PATIENT)
    )
    return order


if __name__ == "__main__":
    for symbol, quantity in sorted(filled_by_symbol(HERE / "larkspur.log").items()):
        print(symbol, quantity)
    print(sliced_order().to_bytes().replace(b"\x01", b"|").decode())
