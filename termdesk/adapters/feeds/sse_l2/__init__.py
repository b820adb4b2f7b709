"""Shanghai Level-2: order by order, trades and the exchange's own snapshots."""
