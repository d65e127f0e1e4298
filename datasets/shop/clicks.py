"""The rows of `clicks`: visits of customers, of nobody known, and of one bot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from shop.arrow import instants, picked
from shop.calendar import HOUR, instants_of
from shop.draw import Stream, Weighted, Zipf
from shop.orders import Orders
from shop.vocabulary import BOT_AGENT, BROWSERS_EACH, DEVICES, vocabulary

PAGES = ("home", "search", "product", "basket", "checkout")
BOT_SHARE = 0.30
_PAGE = Weighted([15, 25, 40, 14, 6])
_DEVICE = Weighted([60, 32, 8])
_LENGTH = Weighted([0, *(1_000_000 // k for k in range(1, 17))])  # clicks of a visit
_SECOND = 1_000_000


class Clicks:
    """Makes any range of the clicks of one dataset."""

    def __init__(self, orders: Orders, n: int) -> None:
        self.orders = orders
        self.seed = orders.seed
        self.n = n
        self.words = vocabulary(orders.seed)
        self.agents = (*(agent for some in self.words.browsers for agent in some), BOT_AGENT)
        self.popular = Zipf(len(orders.prices))
        people = orders.population
        self.bot = int(people.ranked(np.array([people.n // 2], dtype=np.int64))[0])

    def chunk(self, number: int, start: int, n: int) -> dict[str, Any]:
        """Arrow columns of the rows `start` to `start + n`, which are chunk `number`."""

        def stream(column: str) -> Stream:
            return Stream(self.seed, "clicks", number, column)

        lengths = _LENGTH.take(stream("visits").u16(n)).astype(np.int64)
        ends = np.cumsum(lengths)
        visits = int(np.searchsorted(ends, n)) + 1
        visit = np.repeat(np.arange(visits), lengths[:visits])[:n]
        first = np.concatenate(([0], ends[: visits - 1]))
        who = stream("customer_id")
        customers = self.orders.population.draw(who, visits)
        bot = who.chance(visits, BOT_SHARE)
        known = ~who.chance(visits, 0.25) | bot
        customers = np.where(bot, self.bot, customers)
        device = _DEVICE.take(stream("device").u16(visits)).astype(np.int64)
        agent = device * BROWSERS_EACH + stream("user_agent").below(visits, BROWSERS_EACH)
        agent = np.where(bot, len(self.agents) - 1, agent)
        device = np.where(bot, len(DEVICES), device)
        _, starts = instants_of(stream("clicked_at"), start, n, self.n)
        steps = (2 + stream("steps").below(n, 299)) * _SECOND
        since = np.cumsum(steps)
        clicked = starts.take(first).take(visit) + since - since.take(first).take(visit)
        received = clicked + stream("received_at").below(n, 5 * _SECOND)
        late = stream("late")
        hours = np.where(late.chance(n, 0.02), 1 + late.below(n, 72), 0)
        received += hours * HOUR
        is_bot = bot.take(visit)
        page = np.where(is_bot, PAGES.index("product"), _PAGE.take(stream("page").u16(n)))
        on_product = (page == PAGES.index("product")) | (page == PAGES.index("basket"))
        product = self.popular.take(stream("product_id").u64(n)) + 1
        u = stream("seconds").u16(n).astype(np.int64)
        tenths = 5 + ((((u * u >> 16) * u) >> 16) * 2_996 >> 16)
        on_phone = device.take(visit) == DEVICES.index("phone")
        unseen = stream("no seconds").u16(n) < np.where(on_phone, 9_830, 1_966)
        keys = np.arange(start + 1, start + n + 1, dtype=np.int64)
        made = {
            "click_id": pa.array(keys),
            "customer_id": pa.array(customers.take(visit), mask=~known.take(visit)),
            "clicked_at": instants(clicked),
            "received_at": instants(received),
            "page": picked(PAGES, page),
            "product_id": pa.array(product, mask=~on_product),
            "device": picked((*DEVICES, "bot"), device.take(visit)),
            "user_agent": picked(self.agents, agent.take(visit)),
            "seconds": pa.array(tenths / 10, mask=unseen),
        }
        again = stream("again").chance(n, 0.01)
        again[0] = False
        rows = np.arange(n) - again  # a repeated row is the row before it
        return {name: column.take(pa.array(rows)) for name, column in made.items()}
