"""Fill a database with as many patients, complaints and tickets as asked for.

Rows are made by SQL from one record of each kind that the ORM creates: columns that are
not named here keep that record's values, so a new column needs no change here. What the
ORM would compute is compared with the ORM's own result afterwards.
"""
