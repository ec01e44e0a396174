"""Caddy with the real Caddyfile, at ports of this machine that are free."""

import json
import os
import pathlib
import subprocess
import time

from classroom.simulated.containers import ROOT

CADDYFILE = ROOT / 'classroom/one-machine/Caddyfile'
PATIENCE = 30  # seconds until it has made its certificates


class Front:
    """HTTPS in front of a hub; `root` is the certificate to trust."""

    def __init__(self, folder, variables, ports):
        self.folder = pathlib.Path(folder)
        self.ports = ports
        self.variables = {
            **variables, 'XDG_DATA_HOME': str(folder),
            'XDG_CONFIG_HOME': str(folder),
            'DOMAIN': f'{variables["DOMAIN"]}:{ports["https"]}',
            'HUB': f'127.0.0.1:{ports["proxy"]}'}

    @property
    def root(self):
        return self.folder / 'caddy/pki/authorities/local/root.crt'

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / 'caddy.json'
        path.write_text(json.dumps(self.settings()), 'utf-8')
        with (self.folder / 'caddy.log').open('a') as log:
            self.process = subprocess.Popen(
                ['caddy', 'run', '--config', str(path)], env=self.variables,
                cwd=CADDYFILE.parent, stdout=log, stderr=log)
        self.wait()
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()

    def settings(self):
        """Return the Caddyfile as JSON; nothing goes to this machine's own.
        """
        done = subprocess.run(
            ['caddy', 'adapt', '--adapter', 'caddyfile', '--config',
             str(CADDYFILE)], env=self.variables, check=True,
            stdout=subprocess.PIPE)
        found = json.loads(done.stdout)
        found['apps']['http'].update(
            http_port=self.ports['http'], https_port=self.ports['https'])
        found['apps']['pki'] = {'certificate_authorities': {
            'local': {'install_trust': False}}}
        return found

    def wait(self):
        end = time.monotonic() + PATIENCE
        while not (self.root.exists() and os.path.getsize(self.root)):
            if self.process.poll() is not None or time.monotonic() > end:
                log = (self.folder / 'caddy.log').read_text('utf-8')
                raise RuntimeError(f'Caddy did not start:\n{log[-3000:]}')
            time.sleep(0.1)
