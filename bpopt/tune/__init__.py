"""The best configuration, found by measuring: `bpopt tune`, and which plan holds it: `bpopt plan`.

Built on `bpopt.verify`: the same servers, traffic, memory and statistics. Runs a user's code, as that does.
"""
