"""Written by `python -m bpopt.platforms.build` from bpopt/data/python.toml; do not edit."""

# ruff: noqa
# fmt: off
RELEASES = (
    ('2.7', '2010-07-03', '2020-01-01', '2.7.18', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.4', '2014-03-16', '2019-03-18', '3.4.10', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.5', '2015-09-13', '2020-09-30', '3.5.10', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.6', '2016-12-23', '2021-12-23', '3.6.15', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.7', '2018-06-27', '2023-06-27', '3.7.17', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.8', '2019-10-14', '2024-10-07', '3.8.20', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.9', '2020-10-05', '2025-10-31', '3.9.25', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.10', '2021-10-04', '2026-10-31', '3.10.21', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.11', '2022-10-24', '2027-10-31', '3.11.16', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.12', '2023-10-02', '2028-10-31', '3.12.14', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.13', '2024-10-07', '2029-10-31', '3.13.15', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.14', '2025-10-07', '2030-10-31', '3.14.7', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
    ('3.15', '2026-10-01', '2031-10-31', '', 'https://devguide.python.org/versions/', 'https://endoflife.date/python', '2026-11-24'),
)
