"""What tests stand on: a small country, its desktop, an evening of packets, and real parts beside them."""
