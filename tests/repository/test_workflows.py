"""The workflows do what can be typed anywhere, with no rights beyond that."""

import hashlib
import itertools
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from books import ROOT, commit
from servers import git
from test_makefile import TARGETS

from book.chapters import toc
from book.chapters.requirements import declared
from book.shipping import pdf

GITHUB = ROOT / '.github'
WORKFLOWS = sorted((GITHUB / 'workflows').glob('*.yml'))
USES = re.compile(r'\buses: *(?P<action>[\w/-]+)@(?P<commit>\S+)(?P<rest>.*)')
SIGNING = 'id-token', 'attestations'
COMMIT = re.compile(r'[0-9a-f]{40}')
VERSION = re.compile(r'  # v\d+\.\d+\.\d+')
APT = re.compile(r'apt-get install ([^\n]+)')
STEP = re.compile(r'^ *(?:step )?(make [a-z]+|\.ci/[a-z]+)\b', re.MULTILINE)
HOSTED = {'ubuntu-24.04', 'ubuntu-24.04-arm', 'macos-15', 'windows-2025'}
# What others can set off: who sends a pull request, or writes a comment
BY_OTHERS = {
    'pull_request', 'pull_request_target', 'pull_request_review',
    'pull_request_review_comment', 'issues', 'issue_comment', 'discussion',
    'discussion_comment', 'fork', 'watch', 'workflow_run', 'merge_group'}
EXECUTING = re.compile(r'make (html|test|test-gpu|notebooks|results)\b')


def workflow(path):
    """Return a workflow; YAML reads its key `on` as True."""
    found = yaml.safe_load(path.read_text('utf-8'))
    return {'on' if key is True else key: x for key, x in found.items()}


def jobs():
    """Return {WORKFLOW.JOB: the job} of all workflows.

    A job that is another workflow stands there.
    """
    return {
        f'{path.stem}.{name}': job
        for path in WORKFLOWS
        for name, job in workflow(path)['jobs'].items()
        if 'uses' not in job}


def called(path):
    """Return the workflows of ours that a workflow calls, and those they do.
    """
    found = [ROOT / x['uses'] for x in workflow(path)['jobs'].values()
             if 'uses' in x]
    return found + [y for x in found for y in called(x)]


def commands(job):
    return [x['run'] for x in job['steps'] if 'run' in x]


every_workflow = pytest.mark.parametrize('path', WORKFLOWS,
                                         ids=lambda path: path.stem)
every_job = pytest.mark.parametrize('job', jobs().values(), ids=jobs().keys())


def validate(schema, *paths):
    """Check files against a schema that check-jsonschema brings along."""
    pytest.importorskip('check_jsonschema',
                        reason='needs requirements-browser.txt')
    done = subprocess.run(
        [sys.executable, '-m', 'check_jsonschema', '--builtin-schema',
         f'vendor.{schema}', *paths], capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else None


@pytest.mark.parametrize('schema, files', [
    ('workflows', WORKFLOWS),
    ('issue-forms', sorted((GITHUB / 'ISSUE_TEMPLATE').glob('[0-9]-*.yml'))),
    ('issue-config', [GITHUB / 'ISSUE_TEMPLATE/config.yml'])],
    ids=['workflows', 'issue forms', 'issue settings'])
def test_what_github_reads_keeps_to_the_published_schema(schema, files):
    assert files
    assert validate(f'github-{schema}', *files) is None


def test_what_is_to_be_renewed_keeps_to_the_published_schema():
    assert validate('dependabot', GITHUB / 'dependabot.yml') is None


# What a step does


@every_job
def test_a_step_calls_what_exists_and_pastes_no_value_from_outside(job):
    called = '\n'.join(commands(job))
    targets = set(re.findall(r'\bmake ([a-z-]+)', called))
    assert targets <= set(TARGETS)
    for name in re.findall(r'(?:\.ci|tests)/[\w./-]+', called):
        assert (ROOT / name).is_file()
    assert '${{' not in called


@every_job
def test_what_executes_chapters_uses_the_real_data(job):
    if any(map(EXECUTING.search, commands(job))):
        assert job['env']['BOOK_STAND_IN'] == 'never'


@every_job
def test_a_container_is_pinned_by_its_whole_version(job):
    if 'container' in job:
        image = job['container']['image']
        assert re.fullmatch(r'python:3\.(8|11)\.\d+-bookworm', image)


def runs():
    """Return the steps of `.ci/run`, and those of the workflow `ci`."""
    script = (ROOT / '.ci/run').read_text('utf-8')
    return [STEP.findall(text)
            for text in (script, '\n'.join(commands(jobs()['ci.book'])))]


def test_continuous_integration_runs_what_runs_here():
    ours, theirs = runs()
    assert {'make test', '.ci/packages'} <= set(ours)
    assert {*ours} - {'make pytorch'} <= {*theirs}


def test_the_book_is_tested_and_built_before_pytorch_is_installed():
    _, steps = runs()
    before = steps[: steps.index('.ci/pytorch')]
    assert {'make test', 'make html'} <= set(before)
    assert 'make pytorch' not in steps


def test_where_time_is_short_pytorch_comes_first():
    steps, _ = runs()
    assert steps.index('make pytorch') < steps.index('make test')


def test_packages_are_kept_before_pytorch_is_among_them():
    steps = jobs()['ci.book']['steps']
    kept = [number for number, step in enumerate(steps)
            if step.get('with', {}).get('path') == '.venv']
    pytorch = [step.get('run') for step in steps].index('.ci/pytorch')
    assert kept and max(kept) < pytorch
    assert all('actions/cache/' in steps[x]['uses'] for x in kept)


@pytest.fixture
def script(tmp_path):
    """Return a function that runs a script of `.ci` where `make` only says
    what it was asked for, and tells a verdict of pytest.
    """
    shutil.copytree(ROOT / '.ci', tmp_path / '.ci')
    shutil.copytree(ROOT / 'chapters/en', tmp_path / 'chapters/en')
    (tmp_path / '.ci/packages').write_text('#!/bin/sh\n')
    fake = tmp_path / 'make'
    fake.write_text(
        '#!/bin/sh\necho "make $@"\n'
        'case $1 in test)\n'
        'echo "==== 1 passed, 2 skipped in 3.45s ($*) ====";; esac\n'
        'test "$1" != "$FAILS"\n')
    fake.chmod(0o755)

    def run(name, fails=''):
        path = f'{tmp_path}:{os.environ["PATH"]}'
        return subprocess.run([tmp_path / '.ci' / name],
                              env={**os.environ, 'PATH': path,
                                   'FAILS': fails},
                              capture_output=True, text=True)

    return run


def test_with_pytorch_every_chapter_that_needs_it_is_tested(script):
    needing = {page.slug for page in toc.pages(ROOT)
               if 'requirements-pytorch.txt' in declared(page.text('en'))}
    done = script('pytorch')
    assert done.returncode == 0, done.stderr
    assert needing == set(re.findall('^make test CHAPTER=(.*)$', done.stdout,
                                     re.MULTILINE))
    made_pages = 'tests/rendering/test_made_pages.py'
    assert f'make test TESTS={made_pages}\n' in done.stdout


def test_our_engine_executes_chapters_after_mxnet_has(script):
    done = script('run')
    steps = [x for x in done.stdout.splitlines() if x.startswith('make ')]
    ours = [x for x in steps if 'ENGINE=torch' in x]
    assert 'make test' in steps and steps[-len(ours):] == ours
    [chapters] = re.findall(r'^make .*CHAPTER=([\w\s-]+)$', done.stdout,
                            re.MULTILINE)
    slugs = {*chapters.split()}
    assert slugs and slugs <= {page.slug for page in toc.pages(ROOT)}
    everything = '\n'.join(commands(jobs()['ci.book']))
    assert re.search('^make test ENGINE=torch REPORT', everything, re.M)


def test_our_engine_is_tried_on_every_system_and_python_it_is_for():
    job = jobs()['engine.chapters']
    matrix = job['strategy']['matrix']
    tried = set(itertools.product(matrix['system'], matrix['python']))
    tried |= {(x['system'], x['python']) for x in matrix['include']}
    assert {python for _, python in tried} == {
        '3.10', '3.11', '3.12', '3.13'}
    assert {system.split('-')[0] for system, _ in tried} == {
        'ubuntu', 'macos', 'windows'}
    assert job['env']['ENGINE'] == 'torch'
    assert any(x.startswith('make test') for x in commands(job))


def test_the_verdict_on_everything_is_said_once_more_at_the_end(script):
    done = script('run')
    assert done.returncode == 0, done.stderr
    last = '==== 1 passed, 2 skipped in 3.45s (test) ===='
    assert done.stdout.splitlines()[-1] == last


@pytest.mark.parametrize('target', ['test', 'pytorch', 'results'])
def test_a_step_that_fails_is_the_last(script, target):
    done = script('run', fails=target)
    assert done.returncode != 0
    steps = re.findall('^make (.*)$', done.stdout, re.MULTILINE)
    assert steps[-1] == target


def test_one_place_lists_the_packages_of_the_system_also_for_printing():
    files = [ROOT / '.ci/run', *WORKFLOWS]
    assert [x.name for x in files if 'apt-get' in x.read_text('utf-8')] == []
    listed = (ROOT / '.ci/packages').read_text('utf-8').split()
    wanted = set(APT.search(pdf.INSTALL)[1].split())
    assert wanted <= {x.strip('"') for x in listed}
    assert '--no-install-recommends' in listed


# What a job may do


@every_workflow
def test_a_workflow_has_no_rights_or_secrets_but_the_token_of_the_run(path):
    assert workflow(path)['permissions'] == {}
    named = re.findall(r'secrets\.(\w+)', path.read_text('utf-8'))
    assert set(named) <= {'GITHUB_TOKEN'}


def test_few_jobs_may_write_and_only_what_they_must():
    rights = {
        name: {x for x, y in job['permissions'].items() if y == 'write'}
        for name, job in jobs().items()}
    assert {name: x for name, x in rights.items() if x} == {
        'publish.site': {'pages', 'id-token'},
        'publish.notebooks': {'contents'},
        'publish.release': {'contents', *SIGNING},
        'publish.package': {'id-token'},
        'publish.image': {'packages', *SIGNING},
        'publish.image-for-all': {'packages', *SIGNING}}


def test_who_may_write_waits_for_what_an_environment_asks():
    assert {name: job['environment'] if isinstance(job['environment'], str)
            else job['environment']['name'] for name, job in jobs().items()
            if 'write' in job['permissions'].values()} == {
        'publish.site': 'github-pages', 'publish.notebooks': 'notebooks',
        'publish.release': 'release', 'publish.package': 'pypi',
        'publish.image': 'image', 'publish.image-for-all': 'image'}


def ancestors(name, table):
    """Return the jobs of a workflow that must have ended well before one."""
    needs = table[name].get('needs', [])
    needs = [needs] if isinstance(needs, str) else needs
    return {*needs, *(y for x in needs for y in ancestors(x, table))}


def test_nothing_is_published_that_has_not_passed_ci():
    path = GITHUB / 'workflows/publish.yml'
    table = workflow(path)['jobs']
    assert table['ci']['uses'] == './.github/workflows/ci.yml'
    assert 'if' not in table['ci']
    for name in table.keys() - {'ci'}:
        assert 'ci' in ancestors(name, table), name
        assert 'always()' not in str(table[name].get('if')), name
        assert not table[name].get('continue-on-error'), name
    assert 'workflow_call' in workflow(GITHUB / 'workflows/ci.yml')['on']
    writing = {x.split('.')[0] for x, job in jobs().items()
               if 'write' in job['permissions'].values()}
    assert writing == {'publish'}


def test_only_files_with_known_sums_are_installed_where_the_site_is_built():
    steps = commands(jobs()['publish.book'])
    assert '.ci/pytorch-with-sums' in steps and 'make pytorch' not in steps
    text = (ROOT / '.ci/pytorch-with-sums').read_text('utf-8')
    [line] = re.findall(r'pip install (.*(?:\\\n.*)*)', text)
    assert '--require-hashes' in line
    assert 'PIP_' not in str(jobs()['publish.book']['env'])


def test_the_image_is_for_both_processors_under_one_name():
    image, together = jobs()['publish.image'], jobs()['publish.image-for-all']
    processors = {x['processor']
                  for x in image['strategy']['matrix']['include']}
    assert processors == {'amd64', 'arm64'}
    assert together['needs'] == 'image'
    [joined] = [x for x in commands(together) if '.ci/join-images' in x]
    assert set(joined.split()[1:]) == processors


def signed(name):
    """Return what a job signs, step by step."""
    return [step['with'] for step in jobs()[name]['steps']
            if step.get('uses', '').startswith('actions/attest@')]


def test_what_is_released_is_signed_before_it_is():
    [files] = signed('publish.release')
    assert files == {'subject-path': '_build/release/*'}
    steps = [x.get('run', x.get('uses', '')).split('@')[0]
             for x in jobs()['publish.release']['steps']]
    sign = steps.index('actions/attest')
    [check] = [i for i, x in enumerate(steps) if 'sha256sum --check' in x]
    [release] = [i for i, x in enumerate(steps) if 'gh release create' in x]
    assert check < sign < release
    assert '_build/release/*' in steps[release]
    assert jobs()['publish.package']['needs'] == 'release'
    assert 'cp _build/release/*.whl _build/wheel' in '\n'.join(
        commands(jobs()['publish.package']))


def test_images_are_signed_by_the_digest_that_the_registry_gave():
    provenance, packages = signed('publish.image')
    [together] = signed('publish.image-for-all')
    for found, step in ((provenance, 'pushed'), (packages, 'pushed'),
                        (together, 'joined')):
        assert found['subject-digest'] == (
            f'${{{{ steps.{step}.outputs.digest }}}}')
    lists = {x['packages'] for x in
             jobs()['publish.image']['strategy']['matrix']['include']}
    assert packages['sbom-path'] == '_build/release/${{ matrix.packages }}'
    assert lists == {'sbom.cdx.json', 'sbom-torch.cdx.json'}


@every_workflow
def test_a_superseded_run_is_cancelled_and_one_that_hangs_is_stopped(path):
    found = workflow(path)
    assert found['concurrency']['cancel-in-progress'] is True
    assert all(x['timeout-minutes'] <= 360 for x in found['jobs'].values()
               if 'uses' not in x)


@every_job
def test_a_checkout_leaves_no_credentials_behind(job):
    for step in job['steps']:
        if step.get('uses', '').startswith('actions/checkout@'):
            assert step['with']['persist-credentials'] is False


def test_an_action_is_pinned_by_its_commit_the_same_everywhere():
    every_text = '\n'.join(x.read_text('utf-8') for x in WORKFLOWS)
    versions = {}
    for use in USES.finditer(every_text):
        assert COMMIT.fullmatch(use['commit']), use[0]
        assert VERSION.fullmatch(use['rest']), use[0]
        owner, name, *_ = use['action'].split('/')
        versions.setdefault((owner, name), set()).add(use['commit'])
    assert versions
    assert {x: y for x, y in versions.items() if len(y) > 1} == {}


def labels(job):
    """Return what a job asks of a runner: its labels, and its group."""
    asked = job['runs-on']
    if asked == '${{ matrix.system }}':
        matrix = job['strategy']['matrix']
        return {*matrix.get('system', []),
                *(x['system'] for x in matrix['include'])}
    if isinstance(asked, dict):
        return {*asked['labels'], 'group ' + asked['group']}
    return {asked} if isinstance(asked, str) else {*asked}


def triggers(path):
    """Return what sets a workflow off, or one that calls it."""
    callers = [x for x in WORKFLOWS if path in called(x)]
    return {*workflow(path)['on'], *(y for x in callers for y in triggers(x))}


@every_workflow
def test_what_others_can_set_off_runs_on_computers_of_github(path):
    found = workflow(path)['jobs'].values()
    own = [x for x in found if 'uses' not in x and not labels(x) <= HOSTED]
    assert bool(own) == (path.stem == 'gpu')
    if own:
        assert triggers(path).isdisjoint(BY_OTHERS)


def test_a_runner_of_our_own_is_asked_by_the_main_branch_of_no_fork():
    [job] = workflow(GITHUB / 'workflows/gpu.yml')['jobs'].values()
    assert {'self-hosted', 'group gpu'} <= labels(job)
    assert "github.ref == 'refs/heads/main' && " in job['if']
    assert '!github.event.repository.fork && (' in job['if']
    assert job['environment'] == 'gpu'
    assert triggers(GITHUB / 'workflows/gpu.yml') == {
        'schedule', 'workflow_dispatch'}
    text = (ROOT / 'CONTRIBUTING.md').read_text('utf-8')
    for word in ('gpu.yml@refs/heads/main', '--ephemeral', '--runnergroup',
                 'approval'):
        assert word in text, word


def test_the_site_comes_from_main_and_a_release_from_a_tag():
    conditions = {name: job.get('if') for name, job in jobs().items()}
    main = "github.ref == 'refs/heads/main'"
    tag = "startsWith(github.ref, 'refs/tags/v')"
    assert conditions['publish.site'] == main
    assert conditions['publish.notebooks'] == main
    assert conditions['publish.release'] == tag
    assert conditions['publish.package'] == tag


def test_pip_gets_both_packages_from_a_workflow_that_pypi_trusts():
    job = jobs()['publish.package']
    assert job['environment']['name'] == 'pypi'  # as PyPI has been told
    assert commands(job)[-1] == '.ci/push-package'
    assert 'make wheel' in commands(jobs()['publish.book'])
    script = (ROOT / '.ci/push-package').read_text('utf-8')
    assert '--trusted-publishing always' in script
    assert '_build/wheel/*.whl' in script


# The branch of notebooks


@pytest.fixture
def clone(tmp_path):
    """Return a clone with the script, and with a bare one as its remote."""
    folder = tmp_path / 'clone'
    (folder / '.ci').mkdir(parents=True)
    shutil.copy(ROOT / '.ci/push-notebooks', folder / '.ci')
    (folder / '.gitignore').write_text('_build/\n*.ipynb\n')
    git(tmp_path, 'init', '--quiet', '--bare', 'remote')
    commit(folder)
    git(folder, 'branch', '--move', '--force', 'main')
    git(folder, 'remote', 'add', 'origin', str(tmp_path / 'remote'))
    return folder


def push(clone):
    return subprocess.run([clone / '.ci/push-notebooks', 'origin'],
                          capture_output=True, text=True)


KEPT = ['.devcontainer/devcontainer.json', 'en/part/page.ipynb',
        'requirements.txt']


def write_notebooks(clone):
    folder = clone / '_build/notebooks'
    (folder / 'en/part').mkdir(parents=True)
    (folder / '.devcontainer').mkdir()
    for name in (*KEPT, 'book-en.zip'):
        (folder / name).write_text(name)


def test_the_branch_holds_the_notebooks_without_the_zip_files(clone):
    write_notebooks(clone)
    done = push(clone)
    assert done.returncode == 0, done.stderr
    remote = clone.parent / 'remote'
    names = git(remote, 'ls-tree', '-r', '--name-only', 'notebooks')
    assert names.split() == KEPT
    assert git(remote, 'rev-list', '--count', 'notebooks') == '1\n'


def test_the_same_notebooks_are_the_same_commit_which_the_clone_never_sees(
        clone):
    write_notebooks(clone)
    push(clone)
    assert git(clone, 'status', '--porcelain', '--branch') == '## main\n'
    assert git(clone, 'branch', '--list') == '* main\n'
    assert 'Everything up-to-date' in push(clone).stderr


def test_without_notebooks_the_push_says_how_to_make_them(clone):
    done = push(clone)
    assert done.returncode == 1
    assert 'run `make notebooks`' in done.stderr


# What a release has


def test_a_release_lists_the_sum_of_every_file_of_it(tmp_path):
    (tmp_path / '.ci').mkdir()
    shutil.copy(ROOT / '.ci/release-files', tmp_path / '.ci')
    names = ('pdf/book-en.pdf', 'epub/book-en.epub', 'notebooks/book-en.zip',
             'wheel/book-1.whl', 'sbom.cdx.json', 'sbom-hub.cdx.json',
             'bundle/all.zip')
    for name in (*names, 'notebooks/en/page.ipynb', 'bundle/all/README'):
        (tmp_path / '_build' / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / '_build' / name).write_text(name)
    for _ in range(2):
        subprocess.run([tmp_path / '.ci/release-files'], check=True)
    folder = tmp_path / '_build/release'
    listed = dict(reversed(line.split('  ', 1)) for line in
                  (folder / 'SHA256SUMS').read_text().splitlines())
    assert listed == {name.split('/')[-1]: hashlib.sha256(
        name.encode()).hexdigest() for name in names}
    assert {x.name for x in folder.iterdir()} == {*listed, 'SHA256SUMS'}


DIGESTS = {name: f'sha256:{hashlib.sha256(name.encode()).hexdigest()}'
           for name in ('amd64', 'arm64', 'together')}
DOCKER = """\
#!/bin/sh
echo "$@" >> {folder}/log
case "$*" in
*'image inspect'*v1-amd64) echo other/name@{amd64}
  printf '%s\\n' ghcr.io/we/from-scratch-to-gluon@$SAYS;;
*'imagetools inspect'*) echo $SAYS;;
esac
"""


@pytest.fixture
def registry(tmp_path):
    """Return a function that runs a script where docker only logs.

    says: the digest that the registry gives.
    """
    (tmp_path / '.ci').mkdir()
    program = tmp_path / 'docker'
    program.write_text(DOCKER.format(folder=tmp_path, **DIGESTS))
    program.chmod(0o755)

    def run(name, *words, says):
        script = shutil.copy(ROOT / '.ci' / name, tmp_path / '.ci')
        path = f'{tmp_path}:{os.environ["PATH"]}'
        done = subprocess.run([script, *words], capture_output=True, env={
            'PATH': path, 'SAYS': says, 'GITHUB_REPOSITORY_OWNER': 'We',
            'GITHUB_REF_NAME': 'v1', 'GITHUB_OUTPUT': str(tmp_path / 'out')})
        done.log = (tmp_path / 'log').read_text().splitlines()
        return done

    run.folder = tmp_path
    return run


NAME = 'ghcr.io/we/from-scratch-to-gluon'


def test_an_image_is_named_by_the_digest_of_its_own_repository(registry):
    done = registry('push-image', 'amd64', says=DIGESTS['arm64'])
    assert done.returncode == 0, done.stderr
    assert f'push {NAME}:v1-amd64' in done.log
    assert (registry.folder / 'out').read_text() == (
        f'name={NAME}\ndigest={DIGESTS["arm64"]}\n')
    assert (registry.folder / '_build/digest-amd64').read_text() == (
        f'{DIGESTS["arm64"]}\n')


def test_images_are_joined_by_their_digests(registry):
    (registry.folder / '_build').mkdir()
    for name in ('amd64', 'arm64'):
        path = registry.folder / f'_build/digest-{name}'
        path.write_text(f'{DIGESTS[name]}\n')
    done = registry('join-images', 'amd64', 'arm64',
                    says=DIGESTS['together'])
    assert done.returncode == 0, done.stderr
    assert done.log[0] == (
        f'buildx imagetools create --tag {NAME}:v1 '
        f'{NAME}@{DIGESTS["amd64"]} {NAME}@{DIGESTS["arm64"]}')
    assert (registry.folder / 'out').read_text() == (
        f'name={NAME}\ndigest={DIGESTS["together"]}\n')


@pytest.mark.parametrize('script', ['push-image', 'join-images'])
def test_without_a_digest_nothing_is_signed(registry, script):
    (registry.folder / '_build').mkdir()
    (registry.folder / '_build/digest-amd64').write_text(DIGESTS['amd64'])
    assert registry(script, 'amd64', says='none').returncode != 0
    assert not (registry.folder / 'out').exists()
