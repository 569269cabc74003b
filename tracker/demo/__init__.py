"""The demonstration: invented people, reports and ratings on the real catalogue, made from a fixed seed.

It stands beside the doors and uses the services. ``load.load`` is what ``flask --app tracker demo load`` calls.
"""
