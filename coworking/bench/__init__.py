"""The benchmark: how fast the pages are, and whether a desk can be booked twice. `make bench`.

    python -m coworking.bench [--quick] [--database sqlite|postgresql] [--write]

The real server (gunicorn, 2 processes of 4 threads) with the settings of production answers real
HTTP on 127.0.0.1, once on a SQLite file and once on a PostgreSQL of its own, both thrown away.
`__main__` runs `measure` in a process of its own for each database.
"""
