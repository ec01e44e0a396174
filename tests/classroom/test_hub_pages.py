"""What students see when there is no room, or when all come at once."""

import concurrent.futures
import time

import httpx
import pytest
from people import Teacher

TRIES_AGAIN = 'window.location.replace'


def pending(teacher):
    """Return how many servers are about to start."""
    users = teacher.call('GET', 'users?state=active').json()
    return sum(x['pending'] == 'spawn' for x in users)


def ask(teacher, name):
    """Ask for a server, and be content with no answer."""
    try:
        teacher.call('POST', f'users/{name}/server')
    except httpx.HTTPError:
        pass


@pytest.mark.slow
def test_a_full_class_is_told_in_both_languages(running_hub):
    hub = running_hub('li', STUDENTS_AT_ONCE='1')
    teacher = Teacher(hub)
    page = teacher.visit('/hub/user/teacher/lab')
    assert page.status_code == 424
    assert 'What you saved is safe' in page.text
    assert '服务器没有运行' in page.text
    teacher.start('li')
    page = teacher.visit('/hub/spawn')
    assert page.status_code == 429
    assert 'The class is full' in page.text and '课堂已满' in page.text
    assert TRIES_AGAIN in page.text and '1000 * 60' in page.text


@pytest.mark.slow
def test_who_comes_in_a_crowd_waits_on_a_page_that_tries_again(running_hub):
    names = [f'student{x}' for x in range(10)]
    hub = running_hub(*names)
    teacher = Teacher(hub)
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        with hub.daemon.lock:  # meanwhile no container can be made
            for name in names:
                pool.submit(ask, teacher, name)
            end = time.monotonic() + 60
            while pending(teacher) < 10 and time.monotonic() < end:
                time.sleep(0.2)
            page = teacher.visit('/hub/spawn')
            hub.kill()
    assert page.status_code == 429, page.text
    seconds = int(page.headers['Retry-After'])
    assert 10 <= seconds <= 20
    assert f'in {seconds} seconds' in page.text
    assert f'{seconds}秒后' in page.text
    assert TRIES_AGAIN in page.text and f'1000 * {seconds}' in page.text
