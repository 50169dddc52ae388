"""The operator's desk: pages of the admin that mix what the floors know.

chosen       which space of a network the page is about
today        who is expected, and what is free
occupancy    desks taken by half-day, for the days ahead
stranded     coming bookings that cannot take place as they stand
hands        everything else that waits for a hand
first_page   all of it, as far as the reader may read
"""
