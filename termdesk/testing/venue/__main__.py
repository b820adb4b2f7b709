"""Run a simulated venue with a generated market of its own, until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from termdesk.adapters.feeds.demo import FEED
from termdesk.testing.venue.server import VenueServer
from termdesk.testing.venue.store import Venue

PORT = 7788


async def run(port: int, token: str, seed: int) -> None:
    """Serve until cancelled."""
    venue = Venue()
    server = VenueServer(venue, token)
    await server.open(port)
    print(f"simulated venue on ws://127.0.0.1:{server.port}", flush=True)  # noqa: T201  # it is a console program
    async for batch in FEED.open((), seed=seed, resume=()).stream():
        for event in batch:
            venue.take(event)
        await server.flush()


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="python -m termdesk.testing.venue", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="where it listens on this machine")
    parser.add_argument("--token", default="", help="what members have to say at log-in")
    parser.add_argument("--seed", type=int, default=1, help="of the generated market")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(given.port, given.token, given.seed))


if __name__ == "__main__":
    main()
