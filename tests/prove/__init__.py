"""``make prove``: deploy into a real sandbox account, look at what no emulator shows, and destroy it again."""
