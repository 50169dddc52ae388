"""The demonstration of the directory: invented firms and order givers of the Haut-Jura.

What they are is in the CSV files beside this one; how their story goes is here, played in the order
of time through the services, over the past eighteen months.

    sheets      the CSV files, read
    agenda      what happens when, in order, until now
    locals      the accounts of those who are not coworkers
    providers   profiles, from the draft to the publication
    needs       needs: posted, confirmed, opened, and how they end
    answers     what those who are asked answer
    searches    what people look for
    story       all of it

Legal numbers begin with zeros that no register ever gave; telephones are of the block that the
numbering plan keeps for fiction (03 53 01); addresses are `@demo.example`.
"""
