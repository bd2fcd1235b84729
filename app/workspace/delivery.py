"""Events on their way to the app: sent, repeated when unanswered, and disturbed on demand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from app.workspace.links import Answer, Link, NotReachedError, Retry
from app.workspace.model import Json

SLACK_RETRY_DELAYS_SECONDS = (0.0, 60.0, 300.0)
AT_ONCE = 50


@dataclass
class Delivery:
    """One event's way; `outcome` is `waiting`, `acknowledged`, `dropped` or `given_up`."""

    envelope: Json
    attempts: int = 0
    outcome: str = "waiting"
    last_error: str = ""

    @property
    def event(self) -> Json:
        """The inner event."""
        event: Json = self.envelope["event"]
        return event


class Events:
    """Delivers events in the order they happened, each in a task of its own.

    Unacknowledged ones are repeated after each of `retry_delays` (seconds), then given up, as
    Slack does. `deliveries` holds every event there was.
    """

    def __init__(self, link: Callable[[], Link], retry_delays: tuple[float, ...]) -> None:
        self.retry_delays = retry_delays
        self.timeout_seconds = 3.0
        self.deliveries: list[Delivery] = []
        self._link = link
        self._tasks: set[asyncio.Task[None]] = set()
        self._paused = False
        self._held: list[Delivery] = []
        self._duplicates = 0
        self._drops = 0
        self._delays: list[float] = []
        self._reordering: list[Delivery] = []
        self._reorder = 0
        # A burst waits here and not in the sender's connections, where waiting counts as the app's time.
        self._slots = asyncio.Semaphore(AT_ONCE)

    def publish(self, envelope: Json) -> None:
        """Send an event on its way, through whatever disturbance was asked for."""
        delivery = Delivery(envelope)
        self.deliveries.append(delivery)
        if self._paused:
            self._held.append(delivery)
        elif self._drops:
            self._drops -= 1
            delivery.outcome = "dropped"
        elif self._reorder:
            self._hold_for_reordering(delivery)
        else:
            self._start(delivery)

    def _hold_for_reordering(self, delivery: Delivery) -> None:
        self._reordering.append(delivery)
        if len(self._reordering) < self._reorder:
            return
        held, self._reordering, self._reorder = self._reordering, [], 0
        for late in reversed(held):
            self._start(late)

    def _start(self, delivery: Delivery) -> None:
        copies = 1
        if self._duplicates:
            self._duplicates -= 1
            copies = 2
        delay = self._delays.pop(0) if self._delays else 0.0
        for _ in range(copies):
            task = asyncio.get_running_loop().create_task(self._carry(delivery, delay))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, delivery: Delivery, delay_seconds: float) -> None:
        if delay_seconds:
            await asyncio.sleep(delay_seconds)
        retry: Retry | None = None
        for number in range(len(self.retry_delays) + 1):
            if number:
                await asyncio.sleep(self.retry_delays[number - 1])
                retry = Retry(number, delivery.last_error)
            delivery.attempts += 1
            async with self._slots:
                answer = await self._attempt(delivery, retry)
            if answer is not None and answer.ok:
                delivery.outcome = "acknowledged"
                return
            if answer is not None and answer.headers.get("X-Slack-No-Retry") == "1":
                break
        if delivery.outcome == "waiting":
            delivery.outcome = "given_up"

    async def _attempt(self, delivery: Delivery, retry: Retry | None) -> Answer | None:
        try:
            answer = await self._link().send("events_api", delivery.envelope, self.timeout_seconds, retry)
        except NotReachedError as failure:
            delivery.last_error = failure.reason
            return None
        if not answer.ok:
            delivery.last_error = "http_error"
        return answer

    def pause(self) -> None:
        """Hold back every event from now on."""
        self._paused = True

    def resume(self) -> None:
        """Send what was held back, in order, and go on."""
        self._paused = False
        held, self._held = self._held, []
        for delivery in held:
            self._start(delivery)

    def duplicate_next(self, count: int = 1) -> None:
        """Send each of the next `count` events twice at once, with one event_id."""
        self._duplicates += count

    def drop_next(self, count: int = 1) -> None:
        """Never send the next `count` events, as if Slack had lost them."""
        self._drops += count

    def delay_next(self, seconds: float, count: int = 1) -> None:
        """Send each of the next `count` events this much later."""
        self._delays += [seconds] * count

    def reorder_next(self, count: int = 2) -> None:
        """Collect the next `count` events and send the last one first."""
        self._reorder = count

    def redeliver(self, delivery: Delivery) -> None:
        """Send an event once more, whatever became of it."""
        self._start(delivery)

    def echo(self, delivery: Delivery) -> None:
        """Send an event again under another event_id, as Slack has been seen to do."""
        event_id = f"{delivery.envelope['event_id']}E{len(self.deliveries)}"
        self.publish(delivery.envelope | {"event_id": event_id})

    async def settled(self, timeout_seconds: float = 15.0) -> None:
        """Return once nothing is on its way; held back events do not count. `TimeoutError` when late."""
        async with asyncio.timeout(timeout_seconds):
            while self._tasks:
                await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Give up everything that is on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
