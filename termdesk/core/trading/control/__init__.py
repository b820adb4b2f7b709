"""What people and limits do to trading: halts, the kill switch, alerts, surveillance."""
