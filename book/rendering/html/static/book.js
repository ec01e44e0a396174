// Keeps the reader's place: in the book, for the front door, and on the
// page, for the way to the other language.
'use strict';

function rememberPage() {
  const root = document.documentElement;
  const language = root.lang.slice(0, 2);
  const page = location.pathname.split(`/${language}/`).pop();
  const heading = document.querySelector('article h1')?.cloneNode(true);
  heading?.querySelector('.headerlink')?.remove();
  const title = heading?.textContent.trim();
  if (!title || !page.endsWith('.html')) return;
  try {
    localStorage.setItem('book', JSON.stringify({language, page, title}));
  } catch {
    // the browser keeps nothing; the book reads just as well
  }
}

// Return the anchor of the section that is being read, '' for the top.
function currentSection() {
  const line = window.innerHeight / 3;
  const begun = [...document.querySelectorAll('article section section[id]')]
    .filter(section => section.getBoundingClientRect().top < line);
  return begun.length ? `#${begun.at(-1).id}` : '';
}

function keepSection(event) {
  event.currentTarget.hash = currentSection();
  event.currentTarget.search = location.search;
}

function prepareLinks() {
  const way = document.querySelector('a.language-switch');
  for (const kind of ['pointerdown', 'click']) {
    way?.addEventListener(kind, keepSection);
  }
  for (const file of document.querySelectorAll('a[href*="_sources/"]')) {
    file.download = '';
    file.removeAttribute('target');
  }
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
prepareLinks();
printInLight();
