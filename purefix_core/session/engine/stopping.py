"""How a connection is ended on purpose."""

from __future__ import annotations

import asyncio

from purefix_core.session.engine.connection import LINGER, Connection
from purefix_core.session.engine.driver import SessionDriver, now


async def log_out(driver: SessionDriver, connection: Connection, text: str = "") -> None:
    """Log out and wait for the answer, as long as LogoutTimeout says; then the session is on no connection any more.

    What is still to be written, and the peer's closing, take LINGER seconds at most from then on.
    """
    if driver.connection is not connection:
        return
    driver.call(driver.session.log_out, text, now())
    try:
        async with asyncio.timeout(driver.config.settings.logout_timeout + LINGER):
            await driver.ended.wait()
    except TimeoutError:
        connection.abort("the peer did not answer our Logout")
        await driver.ended.wait()
