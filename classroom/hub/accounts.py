"""The accounts of a class: a table in the database of the hub.

`db` is a session of SQLAlchemy. The table is read anew each time, for
the command `class codes` writes into it beside the running hub.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

ACCOUNTS = Table(
    'class_accounts', MetaData(),
    Column('name', String(32), primary_key=True),
    Column('password', LargeBinary),  # its hash, of bcrypt
    Column('code', LargeBinary),  # the hash of a code not used yet
    Column('issued', Float),  # when the code was given, in s since 1970
    # The hub has still to end what was begun with the old password
    Column('ending', Boolean, nullable=False, default=False),
)


def make_table(db):
    """Make the table where there is none."""
    ACCOUNTS.create(db.connection(), checkfirst=True)
    db.commit()


def find(db, name):
    """Return the row of a name, or None."""
    return db.execute(select(ACCOUNTS).filter_by(name=name)).first()


def keep(db, name, **values):
    """Write values into the row of a name; make one where there is none."""
    changed = update(ACCOUNTS).filter_by(name=name).values(**values)
    if not db.execute(changed).rowcount:
        db.execute(insert(ACCOUNTS).values(name=name, **values))
    db.commit()


def remove(db, name):
    """Forget a name, its password and its code."""
    db.execute(delete(ACCOUNTS).filter_by(name=name))
    db.commit()


def ending(db):
    """Return the names whose sessions the hub has still to end."""
    found = select(ACCOUNTS.c.name).filter_by(ending=True)
    return list(db.scalars(found))
