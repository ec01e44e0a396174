"""Who may sign up and log in: the teacher, and the names on the list."""

from nativeauthenticator import NativeAuthenticator
from traitlets import Set, Unicode

LONGEST = 72  # bytes; bcrypt takes no longer password


class ClassAuthenticator(NativeAuthenticator):
    """Accounts with passwords of their own, for the names of one class.

    The teacher has an account from the start, so that nobody else can take
    the name. Who signs up may log in at once.
    """

    students = Set(Unicode(), config=True, help='names that may sign up')
    teacher = Unicode(config=True, help='the name of the administrator')
    password = Unicode(config=True, help='the password of the teacher')

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.admin_users = {self.teacher}
        self.allowed_users = {self.teacher, *self.students}
        self.open_signup = True  # to those of the list, see create_user
        self.check_common_password = True
        self.minimum_password_length = max(8, self.minimum_password_length)
        self.allowed_failed_logins = 10
        self.add_teacher()

    def add_teacher(self):
        """Make the teacher's account, or give it the password in force."""
        if not self.user_exists(self.teacher):
            wanted, self.enable_signup = self.enable_signup, True
            self.create_user(self.teacher, self.password)
            self.enable_signup = wanted
        elif not self.get_user(self.teacher).is_valid_password(self.password):
            self.change_password(self.teacher, self.password)

    def create_user(self, username, password, **kwargs):
        """Make an account for a name on the list; return None otherwise."""
        name = self.normalize_username(username)
        if name not in self.allowed_users or too_long(password):
            return None
        return super().create_user(username, password, **kwargs)

    async def authenticate(self, handler, data):
        if too_long(data['password']):
            return None
        return await super().authenticate(handler, data)


def too_long(password):
    return len(password.encode('utf-8')) > LONGEST
