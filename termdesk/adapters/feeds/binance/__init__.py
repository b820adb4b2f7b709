"""Binance spot and USD-M futures: public market data."""
