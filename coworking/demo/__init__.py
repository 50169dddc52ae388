"""The demonstration: the Morez space, its people and six months of their bookings.

Built through the services as people would have built it, in the order in which they would have
done it, by `manage.py demo`. The same seed and the same day give the same data.

    space, floor_plan   the place: rooms, desks, opening hours, closures
    plans, texts        what it costs, and what one agrees to
    people, staff       who comes and who works there; accounts to log in with
    memberships         who is on which plan, who pauses, leaves or asks to join
    habits, seasons     how often people come, and when they do not
    history, diary      what they then book, move and cancel
    presence, door      who of them really came, and when
    years, network      more of it, for measurements
    directory/          providers, order givers, needs and what became of them
    ownership           which rows are the demonstration's, and how they go away

Every address of the demonstration ends in `@demo.example` (RFC 2606: nobody can own such an
address): the e-mail address of each of its users, and that of each of its spaces. This is how its
rows are told from real ones.
"""

DOMAIN = "demo.example"
