"""What lets somebody in without a password: cookies, tokens, open servers."""

import asyncio

from jupyterhub import orm
from jupyterhub.utils import new_token

START = 180  # seconds to wait for a server that is just starting


def forget(db, user):
    """Make the cookies and tokens of a user of the database worthless."""
    user.cookie_id = new_token()
    for kind in orm.APIToken, orm.OAuthCode:
        for one in db.query(kind).filter_by(user_id=user.id):
            db.delete(one)
    db.commit()


async def stop_servers(app, user):
    """Stop the servers of a user, for an open page needs no cookie any more.

    What was saved stays.
    """
    running = [x for x in app.users[user].spawners.values() if x.active]
    await asyncio.gather(*(stop(app, app.users[user], x) for x in running))


async def stop(app, user, spawner):
    """Stop a server; one that is just starting as soon as it runs."""
    try:
        starting = spawner._spawn_future
        if starting and not starting.done():
            await asyncio.wait([starting], timeout=START)
        if spawner.active and not spawner.pending:
            await app.proxy.delete_user(user, spawner.name)
            await user.stop(spawner.name)
    except Exception:
        app.log.exception('the server of %s did not stop', user.name)
