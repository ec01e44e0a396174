"""The domains of a class: its own, and one for each student's server.

The reverse proxy asks here before it gets a certificate for a name, so that
nobody makes it ask for certificates of names that are not of the class.
"""

from jupyterhub.handlers.base import BaseHandler
from tornado.web import HTTPError


def of_class(settings):
    """Return the names that may have certificates."""
    names = {settings.domain}
    if settings.each:
        names |= {
            f'{name}.{settings.domain}'
            for name in (settings.teacher, *settings.students)
        }
    return names


class CertificateHandler(BaseHandler):
    """Answers 200 for a name of the class, and 404 for any other."""

    def initialize(self, names):
        self.names = names

    def get(self):
        if self.get_query_argument('domain', '') not in self.names:
            raise HTTPError(404)


def handlers(settings):
    """Return what the hub answers in addition to its own pages."""
    names = of_class(settings)
    return [(r'/certificate', CertificateHandler, {'names': names})]
