"""A wire between two nodes that fails by a seeded draw: late, lost, doubled, out of order, changed, cut."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from dataclasses import dataclass, field

CHUNK = 16 * 1024


@dataclass
class Sky:
    """How often what happens: `refused` to a connection, the others to a piece of what goes over it; 0 to 1 each."""

    refused: float = 0.08
    late: float = 0.1
    lost: float = 0.015
    doubled: float = 0.015
    swapped: float = 0.015
    changed: float = 0.015
    cut: float = 0.02


CALM = Sky(0, 0, 0, 0, 0, 0, 0)


@dataclass
class Proxy:
    """A port that passes on to another, as the weather has it.

    Args:
        target: the port behind it, on this machine.
        seed: of everything that happens on it.
        sky: the weather; may be changed while it runs.
    """

    target: int
    seed: int
    sky: Sky = field(default_factory=Sky)
    port: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=f"proxy-{self.target}", daemon=True)
        self._thread.start()
        self._ready.wait(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        others = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        for each in others:
            each.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._happens("refused"):
            writer.transport.abort()
            return
        try:
            theirs = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        one = asyncio.ensure_future(self._pass_on(reader, theirs[1]))
        two = asyncio.ensure_future(self._pass_on(theirs[0], writer))
        try:
            await asyncio.wait({one, two}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (one, two):
                each.cancel()
            for each in (writer, theirs[1]):
                each.transport.abort()
            await asyncio.gather(one, two, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pieces from one side to the other until one ends or the weather ends it."""
        with contextlib.suppress(OSError):
            while piece := await reader.read(CHUNK):
                if self._happens("late"):
                    await asyncio.sleep(self.draw.random() * 0.1)
                if self._happens("cut"):
                    writer.write(piece[: self.draw.randrange(len(piece))])
                    await writer.drain()
                    return
                if self._happens("lost"):
                    await asyncio.sleep(0.3)
                    return
                if self._happens("changed"):
                    at = self.draw.randrange(len(piece))
                    piece = piece[:at] + bytes([piece[at] ^ (1 << self.draw.randrange(8))]) + piece[at + 1 :]
                if len(piece) > 1 and self._happens("swapped"):
                    middle = len(piece) // 2
                    piece = piece[middle:] + piece[:middle]
                writer.write(piece * 2 if self._happens("doubled") else piece)
                await writer.drain()

    def _happens(self, what: str) -> bool:
        happens = self.draw.random() < getattr(self.sky, what)
        if happens:
            self.seen[what] += 1
        return happens
