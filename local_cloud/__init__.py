"""A local AWS and a real PostgreSQL for development and end-to-end tests. Everything listens on 127.0.0.1 only.

``commands`` and ``deployment`` are what an operator runs, ``cloud`` is the same for tests, ``postgres`` runs the
database, ``launcher`` is the other process: the emulator MiniStack with the behaviours of AWS that ``supplied`` lists.
"""
