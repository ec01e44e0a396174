// Keeps the reader's place: in the book, for the front door; on the page, for
// the way to the other language; and in the list of pages, which were read.
'use strict';

const PLACES = 'article :is(section section[id], [id^="cell-"])';
const shown = document.documentElement.lang.slice(0, 2);

// Return the name of a page in its edition: `preface/install.html`.
function nameOf(path) {
  return path.split(`/${shown}/`).pop();
}

function rememberPage() {
  const page = nameOf(location.pathname);
  const heading = document.querySelector('article h1')?.cloneNode(true);
  heading?.querySelector('.headerlink')?.remove();
  const title = heading?.textContent.trim();
  if (!title || !page.endsWith('.html')) return;
  try {
    localStorage.setItem('book', JSON.stringify({language: shown, page, title}));
  } catch {
    // the browser keeps nothing; the book reads just as well
  }
}

// Return the names of the pages that were read to their end.
function pagesRead() {
  try {
    const names = JSON.parse(localStorage.getItem('read'));
    return Array.isArray(names) ? names : [];
  } catch {
    return [];
  }
}

function tickPages() {
  const list = document.querySelector('nav.bd-links');
  const names = new Set(pagesRead());
  for (const link of list?.querySelectorAll('a') ?? []) {
    if (names.has(nameOf(link.pathname))) link.dataset.read = list.dataset.read;
  }
}

// A page whose end comes into sight has been read.
function noticeEnd() {
  const end = document.querySelector('.prev-next-area');
  if (!end) return;
  new IntersectionObserver(([{isIntersecting}], observer) => {
    if (!isIntersecting) return;
    observer.disconnect();
    const names = new Set(pagesRead()).add(nameOf(location.pathname));
    try {
      localStorage.setItem('read', JSON.stringify([...names]));
    } catch {
      return; // the browser keeps nothing
    }
    tickPages();
  }).observe(end);
}

// Tell whether a section is being read, or a cell stands at the top.
function hasBegun(place) {
  const share = place.matches('section') ? 1 / 3 : 1 / 5;
  return place.getBoundingClientRect().top < window.innerHeight * share;
}

// Return the anchor of what is being read, '' for the top.
function currentPlace() {
  const begun = [...document.querySelectorAll(PLACES)].filter(hasBegun);
  return begun.length ? `#${begun.at(-1).id}` : '';
}

function keepPlace(event) {
  event.currentTarget.hash = currentPlace();
  event.currentTarget.search = location.search;
}

function prepareLinks() {
  const way = document.querySelector('a.language-switch');
  for (const kind of ['pointerdown', 'click']) {
    way?.addEventListener(kind, keepPlace);
  }
  for (const file of document.querySelectorAll('a[href*="_sources/"]')) {
    file.download = '';
    file.removeAttribute('target');
  }
}

// The theme's list of pages is no landmark, and its search is called otherwise
// than it reads.
function nameSidebar() {
  const list = document.querySelector('nav.bd-links');
  const sidebar = list?.closest('.bd-sidebar-primary');
  sidebar?.setAttribute('role', 'complementary');
  sidebar?.setAttribute('aria-label', list.getAttribute('aria-label'));
  document.querySelector('.search-button-field')?.removeAttribute('aria-label');
}

// Paper is white, whatever the screen is.
function printInLight() {
  const {dataset} = document.documentElement;
  let theme;
  matchMedia('print').addEventListener('change', ({matches}) => {
    if (matches) theme = dataset.theme;
    dataset.theme = matches ? 'light' : theme;
  });
}

rememberPage();
tickPages();
noticeEnd();
prepareLinks();
nameSidebar();
printInLight();
