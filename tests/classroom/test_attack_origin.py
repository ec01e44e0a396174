"""A student's page cannot act at the hub for the teacher who opens it."""

import pytest
from people import Teacher, prepare, visit_as

# It tries each way to the token of the hub's pages, then uses what it got
PAGE = '''
<button>click me</button>
<script>
const hub = HUB;
const pause = time => new Promise(done => setTimeout(done, time));
const token = text => (text.match(/xsrf_token: "([^"]+)"/) || [])[1];

async function fetched(origin) {
  const answer = await fetch(origin + '/hub/home', {credentials: 'include'});
  return token(await answer.text());
}

async function opened() {
  const page = window.open(hub + '/hub/home');
  for (let time = 0; time < 60000; time += 500) {
    await pause(500);
    const found = token(page.document.documentElement.innerHTML);
    if (found) return found;
  }
}

async function promote(origin, found) {
  const answer = await fetch(`${origin}/hub/api/users/li?_xsrf=${found}`, {
    method: 'PATCH', credentials: 'include',
    headers: {'X-XSRFToken': found}, body: JSON.stringify({admin: true})});
  return answer.status;
}

document.querySelector('button').onclick = async () => {
  const told = [];
  const ways = [opened, () => fetched(hub), () => fetched(location.origin)];
  for (const way of ways)
    try {
      const found = await way();
      for (const origin of [hub, location.origin])
        told.push(await promote(origin, found));
    } catch (error) { told.push(String(error)); }
  document.title = 'done: ' + told.join(', ');
};
</script>
'''


@pytest.mark.slow
@pytest.mark.parametrize('domains, falls', [('each', False), ('one', True)])
def test_a_click_on_a_students_page_gives_no_rights(
        browser, running_hub, domains, falls):
    """With one domain for all it does: that takes the word in .env."""
    hub = running_hub('li', DOMAINS=domains)
    teacher = Teacher(hub)
    prepare(hub, 'li', PAGE.replace('HUB', f'"{hub.url}"'))
    address = teacher.start('li')
    with visit_as(teacher, browser) as page:
        page.goto(f'{address}page.html')
        page.click('button')
        page.wait_for_function('document.title.startsWith("done")',
                               timeout=180_000)
        told = page.title()
    assert teacher.governs('li') is falls, told
