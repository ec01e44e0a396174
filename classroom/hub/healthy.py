"""Is the hub of this container well? Docker asks regularly."""

import sys
import urllib.request

try:
    urllib.request.urlopen('http://127.0.0.1:8000/hub/health', timeout=5)
except OSError as error:
    sys.exit(str(error))
