"""Caddy with the real Caddyfile, at ports of this machine that are free."""

import json
import pathlib
import subprocess
import sys
import time

from classroom.simulated import processes
from classroom.simulated.bubblewrap import ROOT

CADDY = pathlib.Path(sys.prefix) / 'bin/caddy'
CADDYFILE = ROOT / 'classroom/one-machine/Caddyfile'
PATIENCE = 30  # seconds until it has made its certificates


class Front:
    """HTTPS in front of a hub; `root` is the certificate to trust."""

    def __init__(self, folder, variables, ports):
        self.folder, self.ports = pathlib.Path(folder), ports
        self.variables = {
            **variables,
            'XDG_DATA_HOME': str(folder),
            'XDG_CONFIG_HOME': str(folder),
            'DOMAIN': f'{variables["DOMAIN"]}:{ports["https"]}',
            'HUB': f'{variables["CLASSROOM_ADDRESS"]}:8000',
        }

    @property
    def root(self):
        return self.folder / 'caddy/pki/authorities/local/root.crt'

    @property
    def log(self):
        return self.folder / 'caddy.log'

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / 'caddy.json'
        path.write_text(json.dumps(self.settings()), 'utf-8')
        with self.log.open('a', encoding='utf-8') as log:
            self.process = processes.start(
                [*processes.FIRST, str(CADDY), 'run', '--config', str(path)],
                cwd=CADDYFILE.parent, env=self.variables, stdout=log,
                stderr=log)
        try:
            self.wait()
        except BaseException:
            processes.end(self.process)
            raise
        return self

    def __exit__(self, *exception):
        processes.end(self.process)

    def settings(self):
        """Return the Caddyfile as JSON, with our ports.

        Its own certificate goes to none of this machine's programs.
        """
        done = subprocess.run(
            [str(CADDY), 'adapt', '--adapter', 'caddyfile', '--config',
             str(CADDYFILE)], env=self.variables, check=True,
            stdout=subprocess.PIPE)
        found = json.loads(done.stdout)
        found['apps']['http'].update(
            http_port=self.ports['http'], https_port=self.ports['https'])
        found['apps']['pki'] = {'certificate_authorities': {
            'local': {'install_trust': False}}}
        return found

    def wait(self):
        """Wait until there is a certificate to trust."""
        end = time.monotonic() + PATIENCE
        while not (self.root.exists() and self.root.stat().st_size):
            if self.process.poll() is not None or time.monotonic() > end:
                log = self.log.read_text('utf-8', 'replace')
                raise RuntimeError(f'Caddy did not start:\n{log[-3000:]}')
            time.sleep(0.1)
