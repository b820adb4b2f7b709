"""A matcher that looks at every order each time: slow, short, and written without the other one."""

from __future__ import annotations


class Naive:
    """Limit orders under the profile ``queue``, on a book of which every change is told. Signs: +1 buys, -1 sells."""

    def __init__(self) -> None:
        self.book = {1: {}, -1: {}}
        self.taken = {1: {}, -1: {}}
        self.orders = []
        self.waiting = []
        self.fills = []
        self.number = 0

    def send(self, sign, qty, limit, ioc=False):
        self.number += 1
        order = {"id": f"O{self.number}", "sign": sign, "limit": limit, "left": qty, "ahead": 0, "shown": None}
        self._take(order)
        if order["left"] and not ioc:
            self._rest(order)

    def send_stop(self, sign, qty, trigger):
        """A market order once the best opposite price is at the trigger or beyond; never through when it comes."""
        self.number += 1
        self.waiting.append({"id": f"O{self.number}", "sign": sign, "left": qty, "limit": None, "trigger": trigger})
        self._fire()

    def cancel(self, name):
        self.orders = [one for one in self.orders if one["id"] != name]
        self.waiting = [one for one in self.waiting if one["id"] != name]

    def amend(self, name, qty, limit):
        for order in list(self.orders):
            if order["id"] != name:
                continue
            filled = sum(f[2] for f in self.fills if f[0] == name)
            left = max(qty - filled, 0)
            keeps = limit == order["limit"] and left <= order["left"]
            if keeps:
                order["left"] = left
                if not left:
                    self.orders.remove(order)
                return
            self.orders.remove(order)
            order["left"], order["limit"] = left, limit
            if left:
                self._take(order)
            if order["left"]:
                self._rest(order)

    def level(self, sign, price, qty):
        old = self.book[sign].pop(price, 0)
        if qty:
            self.book[sign][price] = qty
        if qty != old:
            self.taken[sign].pop(price, None)
        if not qty:
            for order in self.orders:
                if order["sign"] == sign and order["limit"] == price:
                    order["ahead"] = 0
        for sign in (1, -1):
            for order in self._by_priority(sign):
                best = self._best(-sign)
                if best is not None and (order["limit"] - best) * sign >= 0:
                    order["ahead"] = 0
                    self._take(order, at_limit=True)
        self.orders = [one for one in self.orders if one["left"]]
        self._fire()

    def trade(self, price, qty, aggressor):
        for sign in (1, -1):
            if sign == aggressor:
                continue
            left = qty
            for order in self._by_priority(sign):
                beyond = (order["limit"] - price) * sign
                if beyond < 0:
                    continue
                before = 0 if beyond else order["ahead"]
                got = min(max(0, left - before), order["left"])
                order["ahead"] = max(0, before - left)
                if got:
                    self._fill(order, order["limit"], got)
                    left -= got
        self.orders = [one for one in self.orders if one["left"]]

    def _by_priority(self, sign):
        mine = [one for one in self.orders if one["sign"] == sign]
        return sorted(mine, key=lambda one: -one["limit"] * sign)

    def _best(self, sign):
        return max(self.book[sign], key=lambda price: price * sign, default=None)

    def _free(self, sign, price):
        return max(0, self.book[sign].get(price, 0) - self.taken[sign].get(price, 0))

    def _take(self, order, at_limit=False):
        sign = order["sign"]
        for price in sorted(self.book[-sign], key=lambda one: one * sign):
            if order["limit"] is not None and (order["limit"] - price) * sign < 0:
                break
            got = min(order["left"], self._free(-sign, price))
            if got:
                self.taken[-sign][price] = self.taken[-sign].get(price, 0) + got
                self._fill(order, order["limit"] if at_limit else price, got)

    def _rest(self, order):
        order["ahead"] = self._free(order["sign"], order["limit"])
        self.orders.append(order)

    def _fill(self, order, price, qty):
        order["left"] -= qty
        self.fills.append((order["id"], price, qty))

    def _fire(self):
        for order in list(self.waiting):
            best = self._best(-order["sign"])
            if best is not None and (best - order["trigger"]) * order["sign"] >= 0:
                self.waiting.remove(order)
                self._take(order)
