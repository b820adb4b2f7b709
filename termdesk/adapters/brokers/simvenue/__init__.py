"""A simulated venue in another process, reached over a real socket: for trying out, and for proofs of the machinery."""

from termdesk.adapters.brokers.simvenue.client import BROKER

__all__ = ["BROKER"]
