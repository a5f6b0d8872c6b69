"""How somebody comes in: sessions and tokens, as their owner and administrators see them."""
