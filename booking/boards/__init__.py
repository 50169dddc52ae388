"""What the pages of a space show, ready for their templates: home, plan, drawing, day, week.

Reads and arithmetic only; nothing here knows about requests or writes.
"""
