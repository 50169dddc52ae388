"""A person keeps control of personal data: a copy, erasure, and how long anything is kept.

What crosses the floors is put together here, by name: each app says what it keeps of a person
(`personal_data`) and how it forgets it (`services/erasure.py`). A new app adds a line to `copy.py`,
one to `erase.py` and its tables to `register.py`; tests fail until it has.
"""
