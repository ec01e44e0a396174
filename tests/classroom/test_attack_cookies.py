"""A student's server gets no cookie that opens the hub for its visitors."""

import httpx
import pytest
from people import (
    NAVIGATE,
    Teacher,
    prepare,
    stolen,
    visit_as,
)


def replay(hub, cookie, method, path, **more):
    """Send a request to the hub with a Cookie header that was stolen."""
    token = dict(x.strip().partition('=')[::2]
                 for x in cookie.split(';')).get('_xsrf', '')
    return httpx.request(
        method, f'{hub.url}/hub/{path}', verify=hub.trust(),
        headers={'Cookie': cookie, 'X-XSRFToken': token, **NAVIGATE}, **more)


@pytest.mark.slow
@pytest.mark.parametrize('domains', ['each', 'one'])
def test_the_cookies_of_a_visitor_do_not_open_the_hub(
        browser, running_hub, domains):
    hub = running_hub('li', DOMAINS=domains)
    teacher = Teacher(hub)
    prepare(hub, 'li')
    address = teacher.start('li')
    assert '//li.' in address or domains == 'one'
    with visit_as(teacher, browser) as page:
        for path in 'page.html', 'lab':
            page.goto(f'{address}{path}')
    seen = stolen(hub, 'li')
    assert seen, 'the student sees the cookies that a visitor sends'
    for cookie in seen:
        assert replay(hub, cookie, 'GET', 'home').status_code == 302
        assert replay(hub, cookie, 'PATCH', 'api/users/li',
                      json={'admin': True}).status_code == 403
    assert not teacher.governs('li')
    assert teacher.call('PATCH', 'users/li',
                        json={'admin': True}).status_code == 200


@pytest.mark.slow
def test_the_hub_has_no_page_at_the_name_of_a_student(running_hub):
    """A log-in there would give its cookie to the server of that student."""
    hub = running_hub('li')
    host = hub.url.replace('//', '//li.')
    for path in '/hub/login', '/hub/home', '/hub/../hub/login', '/':
        answer = httpx.get(f'{host}{path}', verify=hub.trust(),
                           headers=NAVIGATE)
        assert answer.status_code == 302
        assert answer.headers['Location'].startswith(f'{hub.url}/hub/')
        assert 'Set-Cookie' not in answer.headers


@pytest.mark.slow
def test_only_names_of_the_class_get_certificates(running_hub):
    hub = running_hub('li')
    for name, good in ('li', True), ('teacher', True), ('mallory', False):
        address = hub.url.replace('//', f'//{name}.')
        if good:
            assert httpx.get(address, verify=hub.trust()).status_code == 302
        else:
            with pytest.raises(httpx.ConnectError):
                httpx.get(address, verify=hub.trust())
    asked = f'{hub.url}/hub/certificate?domain=li.class.test'
    assert httpx.get(asked, verify=hub.trust()).status_code == 404, \
        'nobody else asks who is on the list'
