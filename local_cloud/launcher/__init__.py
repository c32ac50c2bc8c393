"""The process of the local AWS: the emulator MiniStack, with what it lacks of AWS put in its place.

MiniStack has no interface for that, so its private functions are replaced. Each one is declared in ``emulator``,
which checks at start that the pinned version has them all.
"""
