"""The hub's own pages: a new password, and a question after a link.

And what it takes of students: each writes into the database of all.
"""

from jupyterhub.apihandlers.users import UserTokenListAPIHandler
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LogoutHandler
from jupyterhub.handlers.pages import SpawnHandler
from jupyterhub.utils import maybe_future
from markupsafe import Markup
from tornado.httpserver import HTTPServer
from tornado.web import HTTPError

OTHERS = 'cross-site', 'same-site'  # a student's server is of the same site
LARGEST = 2**16  # bytes of what somebody sends to the hub
TOKENS, NOTE = 100, 1000  # of an account; characters of what one is for
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


class Tokens(UserTokenListAPIHandler):
    """The tokens of an account: neither long ones, nor many."""

    async def post(self, user_name):
        asked, user = self.get_json_body(), self.find_user(user_name)
        note = asked.get('note') if isinstance(asked, dict) else None
        if len(str(note)) > NOTE:
            raise HTTPError(400, f'a note has at most {NOTE} characters')
        if user and len(user.api_tokens) >= TOKENS:
            raise HTTPError(429, f'{TOKENS} tokens are enough; remove some')
        await super().post(user_name)


def limit():
    """Take no more at a time than the hub has use for.

    Otherwise some hundred MiB from anybody would be in its memory at once.
    """
    HTTPServer.configure(None, max_body_size=LARGEST)


HANDLERS = [
    (r'/api/users/([^/]+)/tokens', Tokens),
    (r'/password', Password),
    (r'/logout', Logout),
    (r'/spawn', Spawn),
    (r'/spawn/([^/]+)', Spawn),
    (r'/spawn/([^/]+)/([^/]+)', Spawn),
]
