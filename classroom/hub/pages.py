"""The hub's own pages: a new password, and a question after a link."""

from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LogoutHandler
from jupyterhub.handlers.pages import SpawnHandler
from jupyterhub.utils import maybe_future
from markupsafe import Markup

OTHERS = 'cross-site', 'same-site'  # a student's server is of the same site
STATUS = {'wrong': 403, 'many': 429}  # of the others 400
SAY = {  # English, and in a second line Chinese
    'wrong': 'Wrong name, code or password.\n名字、代码或密码不对。',
    'many': 'Too many wrong tries. Wait ten minutes.\n'
            '输错的次数太多，请过十分钟再试。',
    'again': 'The two new passwords differ.\n两次输入的新密码不一样。',
    'short': 'The new password has fewer than 8 characters.\n'
             '新密码不足8个字符。',
    'long': 'The new password is too long.\n新密码太长。',
    'name': 'The new password is hardly more than your name.\n'
            '新密码跟名字差不多。',
    'common': 'The new password is easy to guess: one word, or initials '
              'with a number.\n'
              '新密码太容易猜：只有一个单词，或者姓名缩写加数字。',
    'flood': Markup(
        '{0} wrong passwords for your name within a day, the last from {1}. '
        '<span lang="zh">一天之内，你的名字被输错密码{0}次，最近一次来自{1}。'
        '</span>'),
}


class Password(BaseHandler):
    """A first password with a one-time code, or a new one."""

    async def get(self):
        await self.show()

    async def post(self):
        code, present, password, again = (
            self.get_body_argument(x, '', strip=False)
            for x in ('code', 'present', 'password', 'password_again')
        )
        name = self.authenticator.name(self.get_body_argument('username', ''))
        problem = 'again' if password != again else (
            await self.authenticator.renew(
                self, name, (code, present), password))
        if problem:
            self.set_status(STATUS.get(problem, 400))
        await self.show(username=name, code=code, done=not problem,
                        problem=SAY.get(problem))

    async def show(self, **more):
        self.finish(await self.render_template('password.html', **more))


class Asking:
    """What changes something asks first, if a page of others led to it."""

    async def get(self, *path):
        if self.request.headers.get('Sec-Fetch-Site') not in OTHERS:
            await maybe_future(super().get(*path))
        else:
            self.finish(await self.render_template(
                'ask.html', address=self.request.uri))


class Logout(Asking, LogoutHandler):
    """The end of a session."""


class Spawn(Asking, SpawnHandler):
    """The start of a server."""


HANDLERS = [
    (r'/password', Password),
    (r'/logout', Logout),
    (r'/spawn', Spawn),
    (r'/spawn/([^/]+)', Spawn),
    (r'/spawn/([^/]+)/([^/]+)', Spawn),
]
