"""Who may log in: the teacher, and the names on the list."""

import asyncio

from jupyterhub import orm
from jupyterhub.auth import Authenticator
from tornado import web
from tornado.ioloop import PeriodicCallback
from traitlets import Set, Unicode

from classroom.hub import accounts, codes, pages, passwords, sessions, tries

LOOK = 1000  # ms between two looks at what `class codes` has written
KNOWN = 'class-known'  # the cookie of a browser in which somebody logged in
KNOWN_DAYS = 180
LONGEST = 33  # letters that are kept of a name; students' have fewer


class ClassAuthenticator(Authenticator):
    """Accounts with passwords of their own, for the names of one class.

    A student's account begins with a one-time code, see codes.py; the
    teacher's password is a setting. All is judged anew at each start: a name
    that is off the list is out, and nobody but the teacher is admin.
    """

    students = Set(Unicode(), config=True, help='names that may come in')
    teacher = Unicode(config=True, help='the name of the administrator')
    password = Unicode(config=True, help='the password of the teacher')
    proxies = Set(
        Unicode(), {'127.0.0.1', '::1'}, config=True,
        help='hosts, by name or number, whose X-Forwarded-For is believed')

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.db = self._deprecated_db_session
        self.admin_users = {self.teacher}
        self.allowed_users = {self.teacher, *self.students}
        self.allow_existing_users = False
        self.tries, self.flood = tries.Tries(), tries.Flood()
        self.turns = tries.Turns()
        self.stopping = set()  # tasks
        self.nobody = passwords.hashed('')  # compared where there is none
        accounts.make_table(self.db)
        self.take_password()
        self.shut_out()

    def take_password(self):
        """Keep the hash of the teacher's password; a new one ends the old."""
        known = accounts.find(self.db, self.teacher)
        old = known and known.password
        if not old or not passwords.matches(self.password, old):
            accounts.keep(self.db, self.teacher, code=None, ending=True,
                          password=passwords.hashed(self.password))

    def shut_out(self):
        """End old sessions, and block who is not on the list any more.

        JupyterHub takes the rights of those and stops their servers. Of a
        name that has never been here there is nothing to end: else `look`
        would end the log-in of whoever is quick.
        """
        ended = accounts.ending(self.db)
        users = self.db.query(orm.User).all()
        for name in set(ended) - {user.name for user in users}:
            accounts.keep(self.db, name, ending=False)
        for user in users:
            outside = user.name not in self.allowed_users
            if outside:
                self.blocked_users.add(user.name)
            if outside or user.name in ended:
                sessions.forget(self.db, user)

    def add_user(self, user):
        """Note a user of the database; nobody but the teacher is admin."""
        super().add_user(user)
        if user.admin and user.name != self.teacher:
            user.admin = False
            user.roles = [x for x in user.roles if x.name != 'admin']

    def delete_user(self, user):
        """Forget the password; the name may begin anew with a code."""
        accounts.remove(self.db, user.name)

    async def refresh_user(self, user, handler=None):
        return user.name in self.allowed_users

    def get_handlers(self, app):
        """Return the pages of ours, and begin to look for new codes."""
        self.app = app
        app.template_vars['announcement'] = self.announcement
        PeriodicCallback(self.look, LOOK).start()
        pages.limit()
        return pages.HANDLERS

    def look(self):
        """End the sessions of those who got a new code."""
        for name in accounts.ending(self.db):
            self.end(name)

    def end(self, name):
        """End what was begun with an old password; servers take a while."""
        user = orm.User.find(self.db, name)
        if user:
            sessions.forget(self.db, user)
        accounts.keep(self.db, name, ending=False)
        if user:
            task = asyncio.ensure_future(
                sessions.stop_servers(self.app, user))
            self.stopping.add(task)
            task.add_done_callback(self.stopping.discard)

    async def authenticate(self, handler, data):
        """Return the name if the password is right."""
        name = self.name(data.get('username', ''))
        account, password = self.account(name), data.get('password', '')
        problem = await self.judge(
            handler, name, self.knows(account, password))
        if problem == 'many':
            raise web.HTTPError(429, pages.SAY['many'])
        if problem:
            return None
        remember(handler, name)
        return name

    async def renew(self, handler, name, secrets, password):
        """Give a student a new password; return a word for what is wrong.

        secrets: a one-time code and the present password; one of them is ''.
        """
        weak = passwords.weakness(password, name)
        if weak:
            return weak
        before = self.account(name)
        problem = await self.judge(
            handler, name, self.may_renew(name, *secrets))
        if problem:
            return problem
        hash = await asyncio.to_thread(passwords.hashed, password)
        now = self.account(name)
        if not now or now.issued != before.issued:
            return 'wrong'  # the teacher has given a new code meanwhile
        accounts.keep(self.db, name, password=hash, ending=True)
        self.end(name)
        return ''

    async def may_renew(self, name, code, present):
        """Tell whether one may renew a password; a code is used up then."""
        account = self.account(name)
        if name == self.teacher:
            account = None  # whose password is a setting
        if not code:
            return await self.knows(account, present)
        right = codes.matches(code, account)
        if right:
            accounts.keep(self.db, name, code=None)
        return right

    async def judge(self, handler, name, check):
        """Return '' for a right try; else 'wrong', or 'many' unchecked.

        A browser in which this name has logged in counts on its own: others
        behind the same address cannot bar it.
        """
        where = await tries.address(handler.request, self.proxies)
        who = visitor(handler, name) or where
        left = not self.turns.is_full(who) and self.tries.take(who, name)
        if not left:
            check.close()
        elif await self.in_turn(who, check):
            self.tries.forgive(who, name)
            return ''
        if name == self.teacher and self.flood.note(where):
            self.log.warning(
                '%s wrong passwords for %s within a day, the last from %s',
                self.flood.count(), name, where)
        return 'wrong' if left else 'many'

    async def in_turn(self, who, check):
        """Return what a check finds, after those who came before."""
        async with self.turns.turn(who):
            return await check

    async def knows(self, account, password):
        """Tell whether a password is right; it takes as long for none."""
        hash = account.password if account else None
        right = await asyncio.to_thread(
            passwords.matches, password, hash or self.nobody)
        return bool(hash) and right

    def account(self, name):
        """Return the account of a name that may come in, or None."""
        found = accounts.find(self.db, name)
        return found if name in self.allowed_users else None

    def name(self, text):
        """Return the name that somebody typed; no name is longer."""
        return self.normalize_username(text.strip())[:LONGEST]

    def announcement(self, user):
        """Return what stands on top of a page: the teacher is warned."""
        count = self.flood.count()
        if not (user and user.admin) or count < tries.LIMIT:
            return ''
        return pages.SAY['flood'].format(count, self.flood.last)


def visitor(handler, name):
    """Return the mark of a browser in which this name has logged in."""
    mark = handler.get_secure_cookie(known(handler), max_age_days=KNOWN_DAYS)
    found, _, number = (mark or b'').decode('utf-8').partition(' ')
    return number if found == name else ''


def known(handler):
    """Return the cookie's name: one that a student's server cannot set."""
    prefix = '__Host-' if handler.hub.cookie_name.startswith('__') else ''
    return prefix + KNOWN


def remember(handler, name):
    """Mark a browser as one in which this name has logged in."""
    if not visitor(handler, name):
        handler._set_cookie(
            known(handler), f'{name} {codes.new()}', expires_days=KNOWN_DAYS,
            path=handler.hub.base_url)
